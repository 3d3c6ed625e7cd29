// The desk: a whole pile is keyed on one page with the keyboard alone. Without this file every sheet is
// a form of its own. No key waits for the network: all sheets are known from the start, and what is
// keyed goes through the queue (queue.js). What a field is and shows is in paper.js.
(function () {
  "use strict";

  var box = document.querySelector("[data-desk]");
  if (!box) return;
  var desk = JSON.parse(box.dataset.desk);
  var isDecision = desk.pass === "decision";
  var WHOLE = { b: "=blank", s: "=spoilt", u: "=unreadable" };
  var order = desk.wanted.slice();
  var sheet = 0, form = null, fields = [], at = 0, whole = "", mode = "sheet", since = 0;
  var hasTypedOn = false, finishing = null, isClosing = false, conflictSheet = 0;

  var paper = window.sheetPaper, clear = paper.clear, fill = paper.fill, draw = paper.draw, symbols = paper.symbols;

  function all(selector, root) { return Array.from((root || box).querySelectorAll(selector)); }
  function one(selector, root) { return (root || box).querySelector(selector); }
  function say(text) { (mode === "end" ? one("[data-end-text]") : one("[data-missing]", form)).textContent = text; }

  all("[data-plain]").forEach(function (part) { part.hidden = true; });
  all("[data-script]").forEach(function (part) { part.hidden = false; });
  all("[data-early]").forEach(function (part) { part.open = false; });
  box.classList.add("scripted");

  var queue = window.sheetQueue(desk, changed);
  if (desk.pass === "first") {
    while (order.length < desk.sheets + queue.extra()) order.push(order.length + 1);
  }

  // --- one sheet ---

  function sheetForm(number) {
    return one(isDecision ? "[data-sheet-no=\"" + number + "\"]" : "[data-form]");
  }

  function content() {
    if (whole) return whole;
    var text = Array.from(form.dataset.agreed || "");
    fields.forEach(function (f) {
      for (var n = 0; n < f.width; n += 1) text[f.place + n] = f.value[n];
    });
    return text.join("");
  }

  function show(next) {
    mode = "sheet";
    sheet = next;
    since = Date.now();
    finishing = null;
    form = sheetForm(sheet);
    all("[data-form]").forEach(function (other) { other.hidden = other !== form; });
    one("[data-end]").hidden = true;
    if (one("[data-early]")) one("[data-early]").hidden = false;
    all("[data-sheet-line]").forEach(function (line) { line.hidden = false; });
    all("[data-sheet]").forEach(function (part) { part.textContent = sheet; });
    fields = paper.fields(form);
    whole = "";
    var draft = queue.draft(sheet), kept = queue.content(sheet);
    var text = draft ? null : kept;
    if (text && text[0] === "=" && !(text === "=blank" && form.dataset.agreed)) whole = text;
    fields.forEach(function (f) {
      if (draft) { f.value = draft.values[f.place] === undefined ? null : draft.values[f.place]; f.marks = draft.marks[f.place] || []; }
      else if (text && text[0] !== "=") fill(f, text.slice(f.place, f.place + f.width));
    });
    if (draft) { whole = draft.whole; since -= draft.spent; }
    all("[data-all]", form).forEach(function (part) { part.hidden = !(draft && draft.isAsked) && (!text || Boolean(whole)); });
    say("");
    fields.forEach(draw);
    drawWhole();
    var missing = fields.findIndex(function (f) { return f.value === null; });
    go(kept || missing < 0 ? 0 : missing);
  }

  function isAsking() { var part = one("[data-all]", form); return Boolean(part && part.hidden); }

  function drawWhole() {
    var line = one("[data-whole]", form);
    line.hidden = !whole;
    line.textContent = whole ? "Sheet " + sheet + " is " + whole.slice(1) + ". Enter saves that, Backspace takes it back." : "";
    form.classList.toggle("is-whole", Boolean(whole));
  }

  function go(to) {
    at = Math.max(0, Math.min(to, fields.length));
    if (whole || isAsking() || at === fields.length) one("[data-save]", form).focus();
    else { fields[at].input.focus(); fields[at].input.select(); }
  }

  function keep() {
    var draft = { values: {}, marks: {}, whole: whole, spent: Date.now() - since, isAsked: !isAsking() };
    fields.forEach(function (f) {
      if (f.value !== null) draft.values[f.place] = f.value;
      if (f.marks.length) draft.marks[f.place] = f.marks;
    });
    var isEmpty = !whole && !Object.keys(draft.values).length && !Object.keys(draft.marks).length;
    queue.draft(sheet, isEmpty ? null : draft);
  }

  function next() {
    var left = order.filter(function (number) { return !queue.isKeyed(number); });
    if (left.length) show(left[0]); else end();
  }

  // A number of a ballot that is not typed to its end is not left behind unseen.
  function isHalfTyped() {
    var half = whole ? -1 : fields.findIndex(function (f) { return f.pending || f.isUnclear; });
    if (half < 0) return false;
    go(half);
    say("A number is not typed to its end here. Enter takes it, Backspace takes it back.");
    return true;
  }

  function save() {
    if (isHalfTyped()) return;
    if (isAsking() && !whole) return say("Say first what the sheet is: A, B, S or U.");
    var missing = whole ? -1 : fields.findIndex(function (f) { return f.value === null; });
    if (missing >= 0) {
      var label = fields[missing].input.labels[0];
      say("Not keyed yet: question " + one("b", label).textContent + ".");
      return go(missing);
    }
    var text = content();
    if (text === queue.content(sheet)) queue.draft(sheet, null);
    else queue.put(sheet, text, Math.min(600, Math.round((Date.now() - since) / 1000)));
    next();
  }

  // An earlier or a later sheet of this pass, of those that this person keyed.
  function turn(step) {
    var place = mode === "end" ? order.length : order.indexOf(sheet);
    for (place += step; place >= 0 && place < order.length; place += step) {
      if (queue.content(order[place])) return show(order[place]);
    }
    if (step > 0) next();
  }

  // --- keys ---

  function symbolOf(f, key, code) {
    if (f.keys.indexOf(key.toLowerCase()) >= 0 && key.length === 1 && key === key.toLowerCase()) return key;
    if (key === "-" || key === "0") return f.isBox ? "0" : "-";
    if (key === "?" || key === "." || key === "/" || code === "NumpadDecimal") return "?";
    return key === "*" && !f.isBox ? "*" : "";
  }

  function mark(f, number) {
    var before = f.marks.findIndex(function (other) { return other[0] === number; });
    f.pending = "";
    if (number < 1 || number > f.projects) { f.isUnclear = false; f.isMissed = true; return say("There is no project " + number + ". It was not keyed."); }
    if (before >= 0) f.marks.splice(before, 1);
    if (before < 0 || f.isUnclear) f.marks.push([number, f.isUnclear ? "?" : "1"]);
    f.isUnclear = false;
    f.value = f.marks.length ? symbols(f) : null;
  }

  function ballotKey(f, key, code) {
    if (/^\d$/.test(key)) {
      f.pending += key;
      if (f.pending.length === Number(f.input.dataset.digits)) mark(f, Number(f.pending));
    } else if (key === "?" || key === "." || key === "/" || code === "NumpadDecimal") {
      f.isUnclear = !f.isUnclear;
    } else if (key === "-" && f.marks.length) {
      say("Projects are marked here. Backspace takes the last one away.");
    } else if (key === "-") {
      f.value = symbols(f);
      go(at + 1);
    } else if (key === "Enter") {
      if (f.pending) mark(f, Number(f.pending));
      if (f.isMissed) { f.isMissed = false; say("A number that no project has was not keyed. Is the rest right? Then press Enter again."); }
      else if (f.value === null) say("Nothing is marked here. If the paper has no mark, press -.");
      else if (at + 1 === fields.length) { draw(f); return save(); }
      else go(at + 1);
    } else {
      return false;
    }
    draw(f);
    keep();
    return true;
  }

  function back() {
    if (whole) { whole = ""; drawWhole(); keep(); return go(at); }
    var f = fields[at];
    if (f) f.isMissed = false;
    if (f && f.projects && (f.pending || f.isUnclear)) { f.pending = ""; f.isUnclear = false; }
    else if (f && f.projects && f.marks.length) { f.marks.pop(); f.value = f.marks.length ? symbols(f) : null; }
    else if (f && f.value !== null) clear(f);
    else if (at > 0) {
      at -= 1;
      f = fields[at];
      if (!f.projects) clear(f);
    }
    if (f) draw(f);
    keep();
    go(at);
  }

  function declare(letter) {
    if (letter === "a" && isAsking()) {
      one("[data-all]", form).hidden = false;
      whole = "";
      drawWhole();
      return go(0);
    }
    if (!WHOLE[letter] || (letter === "b" && form.dataset.agreed)) return false;
    whole = WHOLE[letter];
    drawWhole();
    keep();
    go(at);
  }

  function sheetKey(key, code) {
    var f = fields[at], isFree = !whole && !isAsking();
    if (key !== "Enter") say("");
    if (key === "Backspace") return back();
    if (key === "ArrowDown" || key === "ArrowRight") return go(at + 1);
    if (key === "ArrowUp" || key === "ArrowLeft") return go(at - 1);
    if (isFree && f && f.projects && ballotKey(f, key, code)) return;
    if (key === "Enter") return save();
    var symbol = isFree && f && !f.projects ? symbolOf(f, key, code) : "";
    if (symbol) {
      f.value = symbol;
      draw(f);
      keep();
      return go(at + 1);
    }
    if (/^[absu]$/i.test(key) && declare(key.toLowerCase()) !== false) return;
    if (/^f$/i.test(key)) return early();
    if (/^[\d\-*?.\/]$/.test(key)) {
      if (whole) say("Nothing was keyed: Backspace takes back what you said of the sheet.");
      else if (isAsking()) say("Say first what the sheet is: A, B, S or U.");
      else if (!f) say("Every field is keyed already. Is it one line too many? Enter saves, Backspace goes back.");
      else say("“" + key + "” is no answer here.");
    }
  }

  function endKey(key) {
    if (key === "Enter" && hasTypedOn) return;
    if (key === "Enter") return finish(desk.pass === "first" ? order.length : desk.sheets);
    if (key === "Backspace" && hasTypedOn) return end();
    if (/^m$/i.test(key) && desk.pass === "first") return another();
    if (/^f$/i.test(key)) return early();
    if (/^[\d\-*?.\/]$/.test(key)) {
      hasTypedOn = true;
      say("You typed on after the last sheet, and nothing of it was keyed. Is there another sheet?"
        + (desk.pass === "first" ? " Press M and key it." : " Press F.")
        + " If the pile is empty, press Backspace and then Enter.");
    }
  }

  document.addEventListener("keydown", function (event) {
    var key = event.key, code = event.code || "";
    var target = event.target;
    if (queue.isElsewhere() || event.altKey || event.metaKey || event.isComposing) return;
    if (key === "Escape" && one("[data-early]") && one("[data-early]").open) { one("[data-early]").open = false; return mode === "end" ? end() : go(at); }
    var isTurn = key === "PageUp" || key === "PageDown" || (event.ctrlKey && (key === "ArrowUp" || key === "ArrowDown"));
    if (event.ctrlKey && !isTurn) return;
    // Fields and buttons that are not the desk's have their own keys.
    var isOwn = target.matches("[data-place], [data-save]") || !target.closest("a, button, input, summary");
    if (!isOwn || (key === " " && target.matches("[data-save]"))) return;
    if (key.length > 1 && !isTurn && !/^(Enter|Backspace|Arrow)/.test(key)) return;
    event.preventDefault();
    // A key that is held down or bounces is one key.
    if (event.repeat && (key.length === 1 || key === "Enter")) return;
    if (mode === "conflict") return conflictKey(key);
    if (isTurn && mode === "sheet" && isHalfTyped()) return;
    if (isTurn) { if (mode === "sheet") keep(); return turn(/Up$/.test(key) ? -1 : 1); }
    if (/^v$/i.test(key) && queue.conflicts().length && !(fields[at] && fields[at].keys.indexOf(key) >= 0)) return conflict();
    if (mode === "end") endKey(key); else sheetKey(key, code);
  });

  // A keyboard on a screen says with this what was typed.
  document.addEventListener("beforeinput", function (event) {
    if (!event.target.matches("[data-place]") || !event.cancelable) return;
    event.preventDefault();
    if (mode !== "sheet" || queue.isElsewhere()) return;
    if (event.inputType === "deleteContentBackward") return back();
    Array.from(event.data || "").forEach(function (key) { sheetKey(key, ""); });
  });

  box.addEventListener("focusin", function (event) {
    var place = fields.findIndex(function (f) { return f.input === event.target; });
    if (place >= 0) at = place;
  });

  // --- the end of the pile ---

  function end() {
    mode = "end";
    hasTypedOn = false;
    all("[data-form]").forEach(function (other) { other.hidden = true; });
    one("[data-end]").hidden = false;
    // In the first keying the sheets that are keyed are those that were found.
    if (one("[data-early]")) one("[data-early]").hidden = desk.pass === "first";
    all("[data-sheet-line]").forEach(function (line) { line.hidden = true; });
    if (isDecision) say(order.length + (order.length === 1 ? " sheet is" : " sheets are") + " decided on.");
    else if (order.length === desk.sheets) say("All " + desk.sheets + " sheets are keyed, as many as were counted.");
    else if (order.length < desk.sheets) say("The " + order.length + " sheets of the sample are keyed, out of " + desk.sheets + ".");
    else say(order.length + " sheets are keyed, and " + desk.sheets + " were counted: the pile is counted again by somebody else.");
    one("[data-end-title]").focus();
  }

  function another() {
    order.push(order.length + 1);
    queue.extra(1);
    show(order.length);
  }

  // The pile is empty before its count, or has another number of sheets.
  function early() {
    var part = one("[data-early]");
    var keyed = order.filter(queue.isKeyed).length;
    if (!part || part.hidden) return;
    if (mode === "sheet" && queue.draft(sheet)) return say("Key this sheet to its end first, or clear it.");
    part.open = true;
    if (desk.pass === "first") {
      one("[data-found-text]", part).textContent = "The pile ends after " + keyed + " of " + desk.sheets
        + " sheets. Finish here, and it is counted again by somebody else. Escape goes back.";
      one("[name=found]", part).value = keyed;
      one("button", part).focus();
    } else one("#found").focus();
  }

  function finish(found) {
    if (isClosing) return;
    finishing = found;
    var waiting = queue.waiting();
    if (queue.conflicts().length) { finishing = null; return conflict(); }
    if (waiting) { queue.send(); return say("Finishing waits until " + waiting + (waiting === 1 ? " sheet is" : " sheets are") + " saved."); }
    isClosing = true;
    queue.post(desk.finish, { who: desk.who, round: desk.round, pass: desk.pass, found: found }).then(function (answer) {
      if (answer.json && answer.json.finished) { queue.forget(); location.assign(desk.after); return; }
      isClosing = false;
      finishing = null;
      say(answer.json && answer.json.error ? answer.json.error : "Log in again in another tab, and press Enter here.");
    }, function () {
      isClosing = false;
      say("No connection: this is tried again.");
      setTimeout(function () { if (finishing !== null) finish(finishing); }, 3000);
    });
  }

  document.addEventListener("submit", function (event) {
    var target = event.target;
    if (target.matches(".put-back")) {
      if (queue.waiting()) { event.preventDefault(); say("Not everything is saved yet: the pile goes back after that."); }
      return;
    }
    if (!box.contains(target)) return;
    event.preventDefault();
    if (queue.isElsewhere()) return;
    if (target.matches("[data-form]")) save();
    else finish(target.elements.found.value.trim());
  });
  all("[data-another]").forEach(function (link) {
    link.addEventListener("click", function (event) { event.preventDefault(); another(); });
  });

  // --- two versions of one sheet ---

  function cell(row, tag, text) {
    var part = document.createElement(tag);
    part.textContent = text;
    row.appendChild(part);
    return part;
  }

  function conflict() {
    mode = "conflict";
    conflictSheet = queue.conflicts()[0];
    all("[data-form], [data-end]").forEach(function (other) { other.hidden = true; });
    var part = one("[data-conflict]"), table = document.createElement("table");
    var theirs = queue.theirs(conflictSheet), mine = queue.mine(conflictSheet);
    part.replaceChildren();
    var title = cell(part, "h2", "Sheet " + conflictSheet + " has two versions: look at the paper");
    title.tabIndex = -1;
    var head = table.createTHead().insertRow(), body = table.createTBody();
    ["Question", "1 keeps what is saved", "2 saves what you keyed"].forEach(function (text) { cell(head, "th", text).scope = "col"; });
    paper.fields(sheetForm(conflictSheet)).forEach(function (f) {
      var row = body.insertRow(), saved = paper.words(f, theirs), own = paper.words(f, mine);
      row.classList.toggle("differs", saved !== own);
      cell(row, "th", f.input.labels[0].textContent).scope = "row";
      cell(row, "td", saved);
      cell(row, "td", own);
    });
    part.appendChild(table);
    part.hidden = false;
    title.focus();
  }

  function conflictKey(key) {
    if (key !== "1" && key !== "2") return;
    queue.resolve(conflictSheet, key === "2");
    one("[data-conflict]").hidden = true;
    if (queue.conflicts().length) return conflict();
    if (order.every(queue.isKeyed)) end(); else next();
  }

  // --- how the saving goes ---

  function changed() {
    if (!queue) return;
    var status = one("[data-status]"), waiting = queue.waiting(), trouble = queue.trouble();
    var sheets = waiting + (waiting === 1 ? " sheet waits" : " sheets wait");
    var text = "All saved";
    if (queue.isElsewhere()) text = "This pile is open in another window, and keying goes on there. Reload to go on here.";
    else if (queue.conflicts().length) text = "Sheet " + queue.conflicts()[0] + " has two versions. Press V to choose.";
    else if (trouble === "login") text = sheets + ". Log in again in another tab; your sheets are kept here.";
    else if (trouble === "no connection") text = sheets + ": no connection. Go on keying.";
    else if (trouble) text = sheets + ". " + trouble + " Your sheets are kept here.";
    if (!queue.isKept()) text += " This browser keeps nothing: do not close this page.";
    if (status.textContent !== text) status.textContent = text;
    status.dataset.waiting = waiting;
    status.classList.toggle("trouble", text !== "All saved");
    if (finishing !== null && !waiting && !isClosing) finish(finishing);
  }

  next();
  changed();
})();
