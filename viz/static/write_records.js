// The records of documents that a source cites, and what all claims of a file share.

const sourceOf = (id) => state.sources.find((source) => source.id === id);
let opened = "";

const setSource = (id, changes, label) => take({ path: "sources", method: "PATCH", body: { id, fields: changes }, label: `${label}: ${Object.values(changes)[0]}` });

// In a chain, a name may be that of a document as well.
function newSourceOptions(name, add) {
  return [{ words: t("New: %(name)s", { name }), note: t("a document that is cited: its title"), take: () => newSource(name, add) }];
}

async function newSource(title, add) {
  const answer = await take({
    path: "sources", method: "POST", body: { source: state.source, title, kind: "study" }, label: t("new document %(title)s", { title }),
  });
  if (!answer) return;
  opened = answer.id;
  await add(answer.id);
  byId("form").querySelector(`details[data-id="${CSS.escape(answer.id)}"] select`)?.focus();
}

function recordFields(id) {
  const value = (name) => String(sourceOf(id)?.[name] ?? "");
  const text = (name, label, help) => textField({ label, help, value: () => value(name), save: (its) => setSource(id, { [name]: its }, label) });
  const parts = [
    selectField({ label: t("Kind of document"), vocabulary: words.kind, value: () => value("kind"), save: (kind) => setSource(id, { kind }, t("kind of document")) }),
    text("title", t("Title"), t("In brackets where you describe it, because the source does not give its title.")),
    namesField({
      label: t("Publisher (if said)"), help: t("Who published it."), most: 1, takes: (type) => type in words.types,
      ids: () => listOf(sourceOf(id)?.publisher ?? undefined),
      save: (change) => setSource(id, { publisher: change(listOf(sourceOf(id)?.publisher ?? undefined))[0] ?? "" }, t("publisher")),
    }),
    dateField({
      label: t("Day it came out (if said)"), help: DATES, edtf: () => value("published"), note: () => value("published_note"),
      save: (published, note) => setSource(id, { published, published_note: note }, t("day it came out")),
    }),
    text("url", t("Web address (if said)"), ""),
  ];
  const block = closable("", ...parts.map(({ field }) => field));
  block.dataset.id = id;
  block.open = id === opened;
  block.firstChild.className = "record";
  const update = () => {
    block.firstChild.textContent = t("What is known of %(title)s", { title: value("title") });
    parts.forEach((its) => its.update());
  };
  return { block, update, commit: () => parts.forEach((its) => its.commit?.()) };
}

// A part for each document in the chains that is known from the source alone.
function citedFields() {
  const field = element("div", { className: "fields" });
  const records = new Map();
  const update = () => {
    const ids = [...new Set(speakers().flat())].filter((id) => sourceOf(id)?.cited);
    for (const id of ids.filter((its) => !records.has(its))) {
      records.set(id, recordFields(id));
      field.append(records.get(id).block);
    }
    for (const [id, record] of records) {
      record.block.hidden = !ids.includes(id);
      if (ids.includes(id)) record.update();
    }
  };
  return { field, update, commit: () => records.forEach((record) => record.commit()) };
}

let shared = new Map();

function sharedFields(file) {
  const values = () => state.shared.find((its) => its.file === file)?.values ?? {};
  const save = (changes, label) => take({ path: "shared", method: "PATCH", body: { file, fields: changes }, label: `${label}: ${Object.values(changes)[0]}` });
  const text = (name, label, help) => textField({ label, help, value: () => String(values()[name] ?? ""), save: (its) => save({ [name]: its }, label) });
  const choose = (name, label) => selectField({ label, vocabulary: words[name], empty: t("Each claim says it"), value: () => String(values()[name] ?? ""), save: (its) => save({ [name]: its }, label) });
  const chain = () => listOf(values().said_by);
  const parts = [
    choose("modality", t("How all are meant")),
    namesField({
      label: t("Who says so in all, beyond the document"), help: t("Such as a study that the whole document is about."), ids: chain, more: newSourceOptions,
      save: (change) => take({ path: "shared", method: "PATCH", label: t("who says so in all"), make: () => ({ file, fields: { said_by: change(chain()) } }) }),
    }),
    dateField({
      label: t("When all of it was so"), help: DATES, edtf: () => String(values().when ?? ""), note: () => String(values().when_note ?? ""),
      save: (when, note) => save({ when, when_note: note }, t("when")),
    }),
    choose("likelihood", t("How likely the source calls all of it")),
    choose("confidence", t("How sure the source says that it is of all")),
    text("note", t("Note on all"), ""),
    text("recorded_on", t("Day on which they were written down"), ""),
    text("recorded_by", t("Who wrote them down"), ""),
  ];
  const others = element("p", { className: "aside" });
  const form = element("form", {}, ...parts.map(({ field }) => field), others);
  form.addEventListener("submit", (event) => event.preventDefault());
  const help = element("p", { className: "aside", textContent: t("A claim that says otherwise keeps what it says; all others change with this.") });
  const update = () => {
    parts.forEach((its) => its.update());
    const names = state.shared.find((its) => its.file === file)?.others ?? [];
    others.hidden = !names.length;
    others.textContent = t("They share more, which an editor changes: %(names)s.", { names: names.map(wordOf).join(", ") });
  };
  return { block: closable(t("What all claims of %(file)s share", { file }), help, form), update, commit: () => parts.forEach((its) => its.commit?.()) };
}

function showShared() {
  const files = state.shared.map(({ file }) => file);
  if (files.join("\n") !== [...shared.keys()].join("\n")) {
    shared = new Map(files.map((file) => [file, shared.get(file) ?? sharedFields(file)]));
    byId("shared").replaceChildren(...[...shared.values()].map(({ block }) => block));
  }
  shared.forEach((its) => its.update());
}
