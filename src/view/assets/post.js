// The page works without this file: Enter sends the form and the page comes back. With it, codes are
// sent one after the other behind the page, so that a scanner never waits for the network. A code that
// got no answer is sent again with the same number, and is noted once.
(function () {
  "use strict";

  var form = document.querySelector("form[data-scan]");
  if (!form || !window.fetch || !window.URLSearchParams) return;
  var field = form.querySelector("#code");
  var box = document.querySelector("[data-outcome]");
  var queue = [];
  var isSending = false;
  var isStuck = false;
  var waiting = document.createElement("p");
  var latest = document.createElement("ol");
  waiting.className = "waiting";
  waiting.setAttribute("role", "status");
  latest.className = "latest";
  latest.setAttribute("aria-label", "Last envelopes, the newest first");
  box.after(waiting);
  (document.querySelector("form[data-spoilt]") || form).after(latest);

  function randomId() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  function say(answer) {
    box.className = "outcome is-" + answer.tone;
    box.querySelector("[data-symbol]").textContent = answer.symbol;
    box.querySelector("[data-words]").textContent = answer.words;
    box.querySelector("[data-more]").textContent = answer.more;
    (answer.totals || []).forEach(function (total) {
      var place = document.querySelector('[data-total="' + total[0] + '"]');
      if (place) place.textContent = total[1];
    });
  }

  function note(answer) {
    var line = document.createElement("li");
    line.className = "is-" + answer.tone;
    line.textContent = answer.symbol + " " + answer.words;
    latest.prepend(line);
    while (latest.children.length > 8) latest.lastChild.remove();
  }

  // One button under the outcome, in the place where it stands without scripts.
  function offer(words, does) {
    var old = document.querySelector("form.second");
    if (old) old.remove();
    if (!words) return;
    var second = document.createElement("form");
    second.className = "second";
    var button = document.createElement("button");
    button.type = "submit";
    button.className = "danger";
    button.textContent = words;
    second.append(button);
    second.addEventListener("submit", function (event) {
      event.preventDefault();
      second.remove();
      does();
      field.focus();
    });
    waiting.after(second);
  }

  function offerWhatHelps(scan, answer) {
    if (answer.tone === "ask") {
      offer("It is another envelope: refuse it", function () {
        put({ kind: "code", second: "1", code: scan.code });
      });
    } else if (answer.tone === "none" && scan.code) {
      offer("Correct what was typed", function () { field.value = scan.code; });
    } else {
      offer(null);
    }
  }

  function showWaiting() {
    waiting.textContent = queue.length > 1 || isStuck
      ? (isStuck ? "No connection. " : "") + "Not noted yet: " + queue.length +
        (isStuck ? ". Leave this page open: it goes on by itself." : "")
      : "";
  }

  function put(scan) {
    scan.scan = randomId();
    queue.push(scan);
    showWaiting();
    send();
  }

  function done(scan, answer) {
    queue.shift();
    isSending = false;
    isStuck = false;
    say(answer);
    note(answer);
    offerWhatHelps(scan, answer);
    showWaiting();
    send();
  }

  function again() {
    isSending = false;
    isStuck = true;
    showWaiting();
    setTimeout(send, 1500);
  }

  function send() {
    if (isSending || queue.length === 0) return;
    isSending = true;
    var scan = queue[0];
    fetch(form.action, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams(scan)
    }).then(function (response) {
      var type = response.headers.get("content-type") || "";
      if (type.indexOf("application/json") === 0) {
        return response.json().then(function (answer) { done(scan, answer); });
      }
      // What is no answer to a scan will not get better: a login that ended, a bag that is not there.
      if (response.status >= 400 && response.status < 500) {
        return done(scan, {
          tone: "none", symbol: "!", words: "Nothing was noted",
          more: "This envelope was not noted. Load this page again, log in if you are asked to, and scan it once more."
        });
      }
      again();
    }).catch(again);
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var code = field.value.trim();
    field.value = "";
    field.focus();
    if (code) put({ kind: "code", code: code });
  });

  var spoilt = document.querySelector("form[data-spoilt]");
  if (spoilt) {
    spoilt.addEventListener("submit", function (event) {
      event.preventDefault();
      put({ kind: "spoilt" });
      field.focus();
    });
  }

  window.addEventListener("beforeunload", function (event) {
    if (queue.length > 0) event.preventDefault();
  });
})();
