// Sheets that are keyed wait here until the server has them: in the browser's own store, apart for each
// person and each pass of each batch, so that a lost network, a reload or a closed lid loses none. Every
// save has a random number of its own, by which the server keeps one that is sent twice once.
(function () {
  "use strict";

  var LONGEST_WAIT = 30000;
  var PATIENCE = 20000;

  function randomId() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  // Answers with what the server says: its status, and its JSON where it is any.
  function post(address, fields) {
    var stop = new AbortController();
    var timer = setTimeout(function () { stop.abort(); }, PATIENCE);
    return fetch(address, {
      method: "POST", body: new URLSearchParams(fields), redirect: "manual", signal: stop.signal,
      headers: { Accept: "application/json" }
    }).then(function (response) {
      clearTimeout(timer);
      var kind = response.headers.get("content-type") || "";
      if (kind.indexOf("application/json") !== 0) return { status: response.status, json: null };
      return response.json().then(function (json) { return { status: response.status, json: json }; });
    });
  }

  // `changed` is called after every change, with what to say about it.
  window.sheetQueue = function (desk, changed) {
    var name = "countmein.keying." + desk.key;
    var owner = randomId();
    var isKept = true;
    var isBusy = false;
    var isElsewhere = false;
    var fails = 0;
    var trouble = "";
    var timer = 0;
    var known = {};
    desk.entries.forEach(function (entry) { known[entry[0]] = { revision: entry[1], content: entry[2] }; });
    var state = read();

    function read() {
      try {
        var kept = JSON.parse(localStorage.getItem(name));
        if (kept && Array.isArray(kept.items)) return kept;
      } catch (error) {
        // Nothing is kept, or nothing that can be read.
      }
      return { items: [], conflicts: {}, drafts: {}, extra: 0 };
    }

    function write() {
      if (isElsewhere) return;
      state.owner = owner;
      try {
        localStorage.setItem(name, JSON.stringify(state));
        isKept = true;
      } catch (error) {
        isKept = false;
      }
    }

    function last(sheet) {
      return state.items.filter(function (item) { return item.sheet === sheet; }).pop();
    }

    function without(sheet) {
      state.items = state.items.filter(function (item) { return item.sheet !== sheet; });
    }

    function put(sheet, content, seconds) {
      var before = last(sheet);
      var seen = before ? before.seen + 1 : (known[sheet] ? known[sheet].revision : 0);
      // One that may be on its way stays; one that never left is written over.
      if (before && !before.tried) {
        before.content = content;
        before.seconds = Math.min(600, before.seconds + seconds);
      } else {
        state.items.push({ sheet: sheet, seen: seen, content: content, seconds: seconds, client: randomId() });
      }
      delete state.drafts[sheet];
      write();
      send();
      changed();
    }

    function send() {
      if (isBusy || isElsewhere || !state.items.length) return;
      clearTimeout(timer);
      isBusy = true;
      var item = state.items[0];
      item.tried = true;
      write();
      post(desk.save, {
        who: desk.who, pass: desk.pass, round: desk.round, sheet: item.sheet, seen: item.seen,
        content: item.content, seconds: item.seconds, client: item.client
      }).then(function (answer) { heard(item, answer); }, function () { failed("no connection"); });
    }

    function heard(item, answer) {
      var json = answer.json;
      if (json && json.saved) {
        known[item.sheet] = { revision: json.revision, content: item.content };
        state.items.shift();
      } else if (json && json.stale) {
        conflict(item, json);
      } else if (json && json.error) {
        return failed(json.error);
      } else if (answer.status === 0 || answer.status === 401 || answer.status === 403) {
        return failed("login");
      } else {
        return failed("no connection");
      }
      isBusy = false;
      fails = 0;
      trouble = "";
      write();
      send();
      changed();
    }

    function conflict(item, json) {
      var mine = last(item.sheet).content;
      without(item.sheet);
      known[item.sheet] = { revision: json.revision, content: json.content };
      // Without a content: what somebody else keyed first holds, and is not told.
      if (json.content !== null && mine !== json.content) state.conflicts[item.sheet] = mine;
    }

    function failed(why) {
      isBusy = false;
      trouble = why;
      fails += 1;
      timer = setTimeout(send, Math.min(LONGEST_WAIT, 500 * Math.pow(2, Math.min(fails, 7))));
      changed();
    }

    window.addEventListener("online", send);
    document.addEventListener("visibilitychange", function () { if (!document.hidden) send(); });
    // The same pile in another window of this person: the window that was opened last has it.
    window.addEventListener("storage", function (event) {
      if (event.key !== name || !event.newValue) return;
      isElsewhere = JSON.parse(event.newValue).owner !== owner;
      if (isElsewhere) changed();
    });
    window.addEventListener("beforeunload", function (event) {
      if (state.items.length && (!isKept || !navigator.onLine)) event.preventDefault();
    });
    write();
    send();

    return {
      put: put,
      post: post,
      send: send,
      isElsewhere: function () { return isElsewhere; },
      isKept: function () { return isKept; },
      waiting: function () { return state.items.length; },
      trouble: function () { return trouble; },
      // Sheets keyed beyond those that were counted.
      extra: function (more) {
        if (more) { state.extra += more; write(); }
        return state.extra;
      },
      isKeyed: function (sheet) { return Boolean(last(sheet) || known[sheet]); },
      content: function (sheet) {
        if (last(sheet)) return last(sheet).content;
        return known[sheet] ? known[sheet].content : null;
      },
      draft: function (sheet, draft) {
        if (draft === undefined) return state.drafts[sheet];
        if (draft) state.drafts[sheet] = draft; else delete state.drafts[sheet];
        write();
      },
      conflicts: function () { return Object.keys(state.conflicts).map(Number); },
      mine: function (sheet) { return state.conflicts[sheet]; },
      theirs: function (sheet) { return known[sheet].content; },
      resolve: function (sheet, sendMine) {
        var mine = state.conflicts[sheet];
        delete state.conflicts[sheet];
        if (sendMine) put(sheet, mine, 0); else { write(); changed(); }
      },
      forget: function () {
        isElsewhere = true;
        try { localStorage.removeItem(name); } catch (error) { isKept = false; }
      }
    };
  };
})();
