// Everything works without this file. It counts along on a ballot, puts the code of a scanned letter
// into its field, and keeps a second press of a button from sending the form twice. It blocks no
// choice: the server says what does not fit.
(function () {
  "use strict";

  function amount(box, minor) {
    var digits = Number(box.dataset.digits);
    var unit = Math.pow(10, digits);
    var whole = String(Math.floor(minor / unit)).replace(/\B(?=(\d{3})+$)/g, box.dataset.group);
    var rest = minor % unit;
    var text = rest ? whole + box.dataset.point + String(rest).padStart(digits, "0") : whole;
    return box.dataset.money.replace("#", text);
  }

  function count(box) {
    var marked = Array.from(box.querySelectorAll("input:checked"));
    var limit = Number(box.dataset.limit);
    var isBudget = box.dataset.kind === "budget";
    var used = isBudget
      ? marked.reduce(function (sum, input) { return sum + Number(input.dataset.minor); }, 0)
      : marked.length;
    var over = used > limit;
    var shown = isBudget ? amount(box, Math.abs(limit - used)) : String(used);
    var line = box.querySelector("[data-count]");
    line.textContent = box.dataset[over ? "over" : "within"].replace("#", shown);
    line.classList.toggle("over", over);
  }

  document.querySelectorAll("[data-ballot]").forEach(function (box) {
    box.addEventListener("change", function () { count(box); });
    count(box);
  });

  // A browser sends no server what follows the #, and here it does not stay in the address either.
  function takeCode() {
    var field = document.querySelector("[data-fragment]");
    if (!field || !/^#[0-9a-z]{4}(-?[0-9a-z]{4}){3}$/i.test(location.hash)) return;
    field.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname + location.search);
  }

  takeCode();
  window.addEventListener("hashchange", takeCode);

  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    // After the browser has collected the fields, so that the button's own value is sent.
    if (button) setTimeout(function () { button.disabled = true; }, 0);
  });

  // Back from the next page, the browser may show this one as it was left.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("button:disabled").forEach(function (button) { button.disabled = false; });
    document.querySelectorAll("[data-ballot]").forEach(count);
  });
})();
