// The fields of one sheet on the screen: what each holds, and how that is shown.
(function () {
  "use strict";

  function all(selector, root) { return Array.from(root.querySelectorAll(selector)); }

  function field(input) {
    var row = input.closest(".line");
    var projects = Number(input.dataset.projects || 0);
    return {
      input: input, row: row, place: Number(input.dataset.place), projects: projects,
      width: projects || 1, keys: input.dataset.keys || "", isBox: "box" in input.dataset,
      boxes: projects ? all(".marks li", row) : all(".boxes i", row),
      value: null, marks: [], pending: "", isUnclear: false
    };
  }

  function clear(f) { f.value = null; f.marks = []; f.pending = ""; f.isUnclear = false; }

  function symbols(f) {
    var text = Array(f.projects).fill("0");
    f.marks.forEach(function (mark) { text[mark[0] - 1] = mark[1]; });
    return text.join("");
  }

  function fill(f, text) {
    clear(f);
    f.value = text;
    if (!f.projects) return;
    Array.from(text).forEach(function (symbol, n) { if (symbol !== "0") f.marks.push([n + 1, symbol]); });
  }

  function draw(f) {
    f.row.classList.toggle("done", f.value !== null);
    if (!f.projects) {
      f.input.value = f.value === null ? "" : f.value;
      f.boxes.forEach(function (b) { b.classList.toggle("on", b.textContent === f.value); });
      return;
    }
    var text = symbols(f);
    f.boxes.forEach(function (li, n) {
      li.classList.toggle("on", text[n] === "1");
      li.classList.toggle("unclear", text[n] === "?");
    });
    var numbers = f.marks.map(function (mark) { return mark[0] + (mark[1] === "?" ? "?" : ""); });
    if (f.value !== null && !numbers.length) numbers.push("-");
    if (f.isUnclear || f.pending) numbers.push((f.isUnclear ? "?" : "") + f.pending + "_");
    f.input.value = numbers.join(" ");
    f.row.querySelector("[data-tally]").textContent = tally(f);
  }

  function amount(data, minor) {
    var unit = Math.pow(10, Number(data.decimals));
    var text = String(Math.floor(minor / unit)).replace(/\B(?=(\d{3})+$)/g, data.group);
    if (minor % unit) text += data.point + String(minor % unit).padStart(Number(data.decimals), "0");
    return data.money.replace("#", text);
  }

  // Says what is marked, and blocks nothing: the survey's rule judges the paper as it is.
  function tally(f) {
    var data = f.input.dataset;
    var marked = f.marks.filter(function (mark) { return mark[1] === "1"; });
    var cost = marked.reduce(function (sum, mark) { return sum + Number(f.boxes[mark[0] - 1].dataset.minor); }, 0);
    var used = data.kind === "budget" ? cost : marked.length;
    var isOver = used > Number(data.limit);
    f.row.querySelector("[data-tally]").classList.toggle("over", isOver);
    if (f.value === null && !f.marks.length) return "";
    var text = marked.length + " marked, " + amount(data, cost) + "; " + data.most + ".";
    return isOver ? text + " More than that: key what the paper has." : text;
  }

  // One version of a field in words, from the text of a whole sheet.
  function words(f, text) {
    if (text[0] === "=") return text.slice(1);
    if (!f.projects) return { "-": "blank", "?": "unclear", "*": "several marks" }[text[f.place]] || text[f.place];
    var marked = [];
    Array.from(text.slice(f.place, f.place + f.projects)).forEach(function (symbol, n) {
      if (symbol !== "0") marked.push(n + 1 + (symbol === "?" ? "?" : ""));
    });
    return marked.join(" ") || "nothing is marked";
  }

  window.sheetPaper = {
    fields: function (form) { return all("input[data-place]", form).map(field); },
    clear: clear, fill: fill, draw: draw, symbols: symbols, words: words
  };
})();
