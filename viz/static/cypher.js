// The editor of queries: run by keyboard, cancel, keep queries, and the names of the schema at hand.
// Without this script the form works as it is.

const statementField = document.getElementById("statement");
const ask = statementField.form;
const parametersField = document.getElementById("parameters");
const progress = document.getElementById("progress");
const cancel = document.getElementById("cancel");

// Kept in this browser alone. Where it keeps nothing, such as in a private window, lists are empty.
const MOST_RECENT = 50;
const stores = { saved: "sightlines-cypher-saved", recent: "sightlines-cypher-recent" };

function keptIn(store) {
  try {
    const list = JSON.parse(localStorage.getItem(stores[store]) ?? "[]");
    return Array.isArray(list) ? list.filter((one) => typeof one?.statement === "string") : [];
  } catch {
    return [];
  }
}

function keep(store, list) {
  try {
    localStorage.setItem(stores[store], JSON.stringify(list));
  } catch {
    progress.textContent = t("This browser keeps nothing.");
  }
}

const same = (one, other) =>
  one.statement === other.statement && (one.parameters ?? "") === (other.parameters ?? "");

// The editor may be CodeMirror's, which stands in place of the field.
const typed = () => editor?.getValue() ?? statementField.value;

function current() {
  return { statement: typed().trim(), parameters: parametersField.value.trim() };
}

function keepQuery(store, query, most = Infinity) {
  if (!query.statement) return;
  keep(store, [query, ...keptIn(store).filter((one) => !same(one, query))].slice(0, most));
}

// The address that asks a query.
function questionAddress({ statement, parameters }) {
  const url = new URL(ask.action, location.href);
  url.searchParams.set("statement", statement);
  if (parameters) url.searchParams.set("parameters", parameters);
  return url.href;
}

function listQueries(store) {
  const list = document.getElementById(`${store}-list`);
  const items = keptIn(store).map((query) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = questionAddress(query);
    link.textContent = query.statement.replace(/\s+/g, " ").slice(0, 100);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = t("Remove");
    remove.setAttribute("aria-label", t("Remove %(name)s", { name: link.textContent }));
    remove.addEventListener("click", () => {
      keep(store, keptIn(store).filter((one) => !same(one, query)));
      listQueries(store);
    });
    item.append(link, " ", remove);
    return item;
  });
  if (!items.length) {
    const item = document.createElement("li");
    item.textContent = t("None yet.");
    items.push(item);
  }
  list.replaceChildren(...items);
}

document.getElementById("keep").addEventListener("click", () => {
  keepQuery("saved", current());
  listQueries("saved");
  document.getElementById("saved").open = true;
  progress.textContent = t("Saved in this browser.");
});

document.getElementById("copy-link").addEventListener("click", async () => {
  const url = questionAddress(current());
  const done = await navigator.clipboard?.writeText(url).then(() => true, () => false);
  progress.textContent = done ? t("Copied") : t("Copy it from the address bar, once it has run.");
});

// Running.
ask.addEventListener("submit", () => {
  editor?.save();
  keepQuery("recent", current(), MOST_RECENT);
  progress.textContent = t("Running …");
  cancel.hidden = false;
});

// The server ends a statement when its client hangs up.
cancel.addEventListener("click", () => {
  window.stop();
  progress.textContent = t("Cancelled.");
  cancel.hidden = true;
});

// Back from the answer, the page may be as it was left.
addEventListener("pageshow", () => {
  progress.textContent = "";
  cancel.hidden = true;
  for (const store of Object.keys(stores)) listQueries(store);
});

ask.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  ask.requestSubmit();
});

// The place of a fault: line and column count from 1.
function offsetOf(text, line, column) {
  const lines = text.split("\n");
  return lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}

const fault = document.getElementById("problem");

function goToFault() {
  const [line, column] = [Number(fault.dataset.line), Number(fault.dataset.column)];
  if (editor) {
    editor.focus();
    editor.setCursor(line - 1, column - 1);
    return;
  }
  const offset = offsetOf(statementField.value, line, column);
  statementField.focus();
  statementField.setSelectionRange(offset, offset + 1);
}

document.getElementById("go-to-fault")?.addEventListener("click", goToFault);

// A name of the schema is inserted where the cursor is.
function insert(name) {
  if (editor) {
    editor.replaceSelection(name);
    editor.focus();
    return;
  }
  statementField.setRangeText(name, statementField.selectionStart, statementField.selectionEnd, "end");
  statementField.focus();
}

const schemaNames = [...document.querySelectorAll("#schema dt code")];
for (const code of schemaNames) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...code.childNodes);
  button.setAttribute("aria-label", t("Insert %(name)s", { name: button.textContent }));
  button.addEventListener("click", () => insert(button.textContent));
  code.append(button);
}

// With CodeMirror: colours, completion, and a mark at the place of a fault.
const WORD = /[\p{L}\p{N}_]*$/u;
const KEYWORDS = `MATCH OPTIONAL WHERE RETURN WITH UNWIND CALL YIELD UNION ORDER BY SKIP LIMIT
  DISTINCT AS AND OR NOT XOR IN IS NULL STARTS ENDS CONTAINS CASE WHEN THEN ELSE END EXISTS COUNT
  COLLECT SHORTEST ALL ANY EXPLAIN PROFILE CYPHER`.split(/\s+/);

// What may be meant by the text before the cursor: after a colon labels and types, else all names.
function completions(before, known) {
  const word = WORD.exec(before)[0];
  const afterColon = /[:|&!]\s*$/.test(before.slice(0, before.length - word.length));
  const afterDot = /\.\s*$/.test(before.slice(0, before.length - word.length));
  if (!word && !afterColon && !afterDot) return { word, list: [] };
  const list = afterColon
    ? known.filter((name) => /^[A-Z]/.test(name))
    : afterDot
      ? known.filter((name) => /^[a-z]/.test(name))
      : [...KEYWORDS, ...known];
  const start = word.toLowerCase();
  const fitting = list.filter((name) => name.toLowerCase().startsWith(start) && name !== word);
  return { word, list: [...new Set(fitting)].sort() };
}

const documented = [...new Set(schemaNames.map((code) => code.textContent))];
const editor = globalThis.CodeMirror?.fromTextArea(statementField, {
  mode: "application/x-cypher-query",
  lineWrapping: true,
  matchBrackets: true,
  inputStyle: "contenteditable",
  viewportMargin: Infinity,
  screenReaderLabel: t("A read-only Cypher query"),
  extraKeys: {
    // Tab leaves the field, as in the rest of the page.
    Tab: false,
    "Shift-Tab": false,
    "Ctrl-Space": "autocomplete",
    "Ctrl-Enter": () => ask.requestSubmit(),
    "Cmd-Enter": () => ask.requestSubmit(),
  },
  hintOptions: {
    completeSingle: false,
    hint: (cm) => {
      const cursor = cm.getCursor();
      const { word, list } = completions(cm.getLine(cursor.line).slice(0, cursor.ch), documented);
      const from = { line: cursor.line, ch: cursor.ch - word.length };
      return { list, from, to: cursor };
    },
  },
});

if (editor) {
  // In a closed detail it has no size to measure.
  statementField.closest("details")?.addEventListener("toggle", () => editor.refresh());
  // The form checks the field, which is behind the editor.
  statementField.required = false;
  editor.on("inputRead", (cm, change) => {
    if (/^[\p{L}:.]$/u.test(change.text.join(""))) cm.showHint();
  });
  if (fault?.dataset.line) {
    const from = { line: fault.dataset.line - 1, ch: fault.dataset.column - 1 };
    editor.markText(from, { line: from.line, ch: from.ch + 1 }, { className: "fault" });
    editor.addLineClass(from.line, "background", "fault-line");
  }
}
