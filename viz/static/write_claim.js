// The form of one claim, from the ontology; each change is a step.

let place = null;
let fields = [];
let shape = "";

const samePlace = (one, other) => one && other && one.file === other.file && one.number === other.number;
const openClaim = () => state.claims.find((claim) => samePlace(claim.place, place)) ?? null;
const listOf = (value) => (value === undefined || value === null ? [] : [value].flat());
const nameOf = (id) => state.labels[id]?.label ?? id;

// `changes` are fields, or a function that returns them when the turn of the step has come: what it
// adds to must be what the steps before it have left.
function set(changes, label, after) {
  const claim = openClaim();
  if (!claim) return;
  const current = () => (typeof changes === "function" ? changes() : changes);
  const make = () => ({ ...claim.place, fields: current() });
  const [value] = Object.values(current());
  take({
    path: "claims", method: "PATCH", make, body: make(),
    label: `${label}: ${JSON.stringify(value)}`, spans: JSON.stringify(claim.spans), after,
  });
}

const valueOf = (name) => openClaim()?.values[name];
const textOf = (name) => String(valueOf(name) ?? "");
const rolesOf = (role) => listOf(valueOf("roles")?.[role]);
const setRole = (role, change) =>
  set(() => ({ roles: { ...valueOf("roles"), [role]: change(rolesOf(role)) } }), wordOf(role));
const passageOf = () => openClaim()?.passages.join(" ") ?? "";

function predicateField() {
  const label = () => words.predicates[valueOf("predicate")]?.label ?? textOf("predicate");
  const suggest = async (text) => {
    const names = await ask("predicates", { query: { q: text, passage: passageOf() } }).catch(() => []);
    return names.map((name) => ({
      words: words.predicates[name].label,
      note: words.predicates[name].help,
      take: () => set({ predicate: name }, t("predicate"), () => fields[1]?.input?.focus()),
    }));
  };
  return choice({
    label: t("What is claimed"), suggest, text: label,
    help: t("In plain words: sold, is part of, was used against. The first are of the words that you selected."),
  });
}

// The entities of a role, or the speakers of the chain; a name that nobody has becomes a new entity.
function namesField({ label, help, role, types, most, ids, save }) {
  const suggest = async (text) => {
    const query = { source: state.source, q: text, passage: passageOf() };
    if (role) Object.assign(query, { role, predicate: textOf("predicate") });
    const matches = await ask("names", { query }).catch(() => []);
    const add = (id) => save((now) => (most === 1 ? [id] : [...now.filter((it) => it !== id), id]));
    // What has a place in the claim already seldom has another one.
    const taken = text ? ids() : Object.values(valueOf("roles") ?? {}).flat().concat(ids());
    const options = matches.filter(({ id }) => !taken.includes(id)).map(({ id, label: name, type, name: match }) => ({
      words: name,
      note: [words.types[type]?.label ?? type.replaceAll("_", " "), id, ...(match === name ? [] : [match])].join(" · "),
      take: () => add(id),
    }));
    if (text) {
      for (const type of types) {
        options.push({ words: t("New: %(name)s", { name: text }), note: words.types[type].label, take: () => newEntity(text, type, add) });
      }
    }
    return options;
  };
  const chips = () => ids().map((id) => ({ words: nameOf(id), remove: () => save((now) => now.filter((it) => it !== id)) }));
  return choice({ label, help, suggest, chips, closed: () => ids().length > 0 });
}

function newEntity(name, type, after) {
  take({
    path: "entities", method: "POST", body: { source: state.source, name, type },
    label: t("new entity %(name)s", { name }), after: ({ id }) => after(id),
  });
}

function roleFields(predicate) {
  return Object.entries(predicate.roles).map(([role, { help, types, fewest, most }]) =>
    namesField({
      label: fewest ? capital(role) : t("%(name)s (if said)", { name: capital(role) }), help, role, types, most,
      ids: () => rolesOf(role), save: (change) => setRole(role, change),
    }),
  );
}

function detailFields(predicate) {
  return Object.entries(predicate.details).map(([name, { help, required }]) =>
    textField({
      label: required ? capital(name) : t("%(name)s (if said)", { name: capital(name) }), help,
      value: () => String(valueOf("details")?.[name] ?? ""),
      save: (text) => set(() => ({ details: { ...valueOf("details"), [name]: text } }), wordOf(name)),
    }),
  );
}

const wordOf = (name) => words.names[name] ?? name.replaceAll("_", " ");

function capital(name) {
  const text = wordOf(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function speakerField() {
  const chain = () => listOf(valueOf("said_by")).slice(1);
  return namesField({
    label: t("Who says so, beyond the document (if anybody)"),
    help: t("From the outside in: a study that it cites, then whom that cites."),
    role: "", types: ["Organization", "Person", "Company", "PublicBody", "State", "Group"], most: null, ids: chain,
    save: (change) => set(() => ({ said_by: [state.source, ...change(chain())] }), t("who says so")),
  });
}

function summaryField() {
  const result = textField({
    label: t("In one sentence of your own"), help: "", rows: 2,
    value: () => textOf("summary"), save: (text) => set({ summary: text }, t("summary")),
  });
  const offer = element("button", { type: "button", hidden: true });
  offer.addEventListener("click", () => {
    set({ summary: offer.dataset.words }, t("summary"));
    goOn(offer.nextElementSibling ?? result.input);
  });
  result.field.append(offer);
  result.offer = (sentence) => {
    offer.hidden = !sentence || Boolean(textOf("summary"));
    offer.dataset.words = sentence ?? "";
    offer.textContent = t("Write “%(sentence)s”", { sentence });
  };
  return result;
}

function whenField() {
  const reading = element("span");
  reading.setAttribute("aria-live", "polite");
  const result = textField({
    label: t("When it was so (if said)"),
    help: t("19 November 2022, March 2021, since 2009, by 2011, last year, between 2010 and 2012, or EDTF."),
    value: () => textOf("when"), save: (text) => read(text),
  });
  const read = async (text) => {
    if (!text) return set({ when: "", when_note: "" }, t("when"));
    const answer = await ask("date", { query: { source: state.source, q: text } }).catch((error) => error);
    const wrong = answer instanceof Error;
    result.input.setAttribute("aria-invalid", String(wrong));
    if (wrong) return (reading.textContent = answer.message);
    const note = answer.note || (textOf("when") === answer.edtf ? textOf("when_note") : "");
    return set({ when: answer.edtf, when_note: note }, t("when"));
  };
  const update = result.update;
  result.update = () => {
    update();
    const edtf = textOf("when");
    if (!edtf || reading.dataset.edtf === edtf) return void (edtf || result.input.value || (reading.textContent = ""));
    reading.dataset.edtf = edtf;
    ask("date", { query: { source: state.source, q: edtf } }).then(
      ({ words: inWords }) => (reading.textContent = `${t("Read as: %(words)s (%(edtf)s).", { words: inWords, edtf })} ${textOf("when_note")}`),
      (error) => (reading.textContent = error.message),
    );
  };
  result.field.append(reading);
  return result;
}

function moreFields(predicate) {
  const quantity = (name, label, help) =>
    textField({
      label, help, value: () => String(valueOf("quantity")?.[name] ?? ""),
      save: (text) => set(() => ({ quantity: without({ ...valueOf("quantity"), [name]: text }) }), label),
    });
  const vocabulary = (name, label, empty) =>
    selectField({ label, vocabulary: words[name], empty, value: () => textOf(name), save: (text) => set({ [name]: text }, label) });
  const readable = () => [
    ...Object.keys(predicate.roles).map((role) => [role, capital(role)]),
    ["said_by", t("Who says so")], ["when", t("When")], ["modality", t("How it is meant")], ["quantity", t("Quantity")],
  ];
  const parts = [
    quantity("number", t("Number (if said)"), ""), quantity("unit", t("Of what"), t("What is counted, in the words of the source.")),
    selectField({
      label: t("How exact"), vocabulary: words.qualifier, value: () => String(valueOf("quantity")?.qualifier ?? "exactly"),
      save: (text) => set(() => ({ quantity: without({ ...valueOf("quantity"), qualifier: text === "exactly" ? "" : text }) }), t("how exact")),
    }),
    vocabulary("likelihood", t("How likely the source calls it"), t("No such word")),
    vocabulary("confidence", t("How sure the source says that it is"), t("Not said")),
    textField({ label: t("How the date was resolved"), help: "", value: () => textOf("when_note"), save: (text) => set({ when_note: text }, t("note on the date")) }),
    checkFields({
      legend: t("Your reading, which the text leaves open"), help: t("The note says why."), names: readable,
      value: () => listOf(valueOf("inferred")), save: (names) => set({ inferred: names }, t("your reading")),
    }),
    textField({ label: t("Note"), help: t("A doubt, the reason of a reading."), rows: 2, value: () => textOf("note"), save: (text) => set({ note: text }, t("note")) }),
  ];
  const more = element("details", {}, element("summary", { textContent: t("Number, likelihood, readings, note") }));
  more.append(element("div", { className: "side" }, ...parts.slice(0, 5).map(({ field }) => field)), ...parts.slice(5).map(({ field }) => field));
  more.open = ["quantity", "likelihood", "confidence", "inferred", "note"].some((name) => valueOf(name) !== undefined);
  return { field: more, update: () => parts.forEach((part) => part.update()), commit: () => parts.forEach((part) => part.commit?.()) };
}

const without = (value) => Object.fromEntries(Object.entries(value).filter(([, it]) => it !== ""));

// The passages that it rests on, each with its words.
function evidenceField() {
  const list = element("ul", { className: "passages" });
  const update = () => {
    const claim = openClaim();
    list.replaceChildren(...(claim?.passages ?? []).map((text, index) => {
      const remove = element("button", { type: "button", textContent: "×" });
      remove.setAttribute("aria-label", t("Remove the passage %(number)s", { number: index + 1 }));
      remove.addEventListener("click", () => set({ evidence: claim.spans.filter((_, i) => i !== index) }, t("evidence")));
      remove.hidden = claim.passages.length < 2;
      return element("li", {}, element("blockquote", { textContent: text, dir: "auto" }), remove);
    }));
  };
  update();
  return { field: list, update };
}

function showForm() {
  const claim = openClaim();
  byId("claim").hidden = !claim;
  byId("add").hidden = !claim;
  if (!claim) {
    shape = "";
    return;
  }
  const predicate = words.predicates[claim.values.predicate];
  byId("claim-title").textContent = claim.values.summary || t("A claim");
  byId("claim-place").textContent = t("%(file)s, line %(line)s", claim);
  const wanted = `${place.file} ${place.number} ${claim.values.predicate} ${state.source}`;
  if (wanted !== shape) {
    shape = wanted;
    buildForm(predicate);
  }
  fields.forEach((field) => field.update());
}

function buildForm(predicate) {
  const modality = () => selectField({
    label: t("How it is meant"), vocabulary: words.modality, names: predicate.modalities, empty: t("Choose …"),
    value: () => textOf("modality"), save: (text) => set({ modality: text }, t("how it is meant")),
  });
  const polarity = () => selectField({
    label: t("Whether the source says that it is so"), vocabulary: words.polarity,
    value: () => textOf("polarity") || "affirmed", save: (text) => set({ polarity: text === "affirmed" ? "" : text }, t("whether it is so")),
  });
  const evidence = evidenceField();
  fields = [predicateField()];
  if (predicate) {
    fields.push(...roleFields(predicate), ...detailFields(predicate), summaryField(), whenField(), speakerField(), modality(), polarity(), moreFields(predicate));
  }
  const done = element("button", { type: "button", className: "next", textContent: t("Done, back to the text") });
  const remove = element("button", { type: "button", textContent: t("Remove the claim") });
  done.addEventListener("click", leaveClaim);
  remove.addEventListener("click", removeClaim);
  byId("form").replaceChildren(evidence.field, ...fields.map(({ field }) => field), element("div", { className: "row" }, done, remove));
  fields.push(evidence);
}

function offerSummary(sentence) {
  fields.find((field) => field.offer)?.offer(sentence);
}

byId("form").addEventListener("submit", (event) => event.preventDefault());
byId("form").addEventListener("keydown", (event) => {
  if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) {
    event.preventDefault();
    leaveClaim();
  }
});

function beginClaim() {
  const spans = selectedSpans();
  if (!spans.length) return;
  take({
    path: "claims", method: "POST", body: { source: state.source, spans }, label: t("a claim on “%(quote)s”", { quote: quoted(spans) }),
    after: (answer) => goTo(answer.place),
  });
}

function addWords() {
  const claim = openClaim();
  const spans = selectedSpans();
  if (claim && spans.length) set({ evidence: [...claim.spans, ...spans, ...claim.words] }, t("evidence"));
}

function goTo(at) {
  place = at;
  showState(state);
  byId("claim").scrollIntoView({ block: "nearest" });
  (fields[0]?.input ?? byId("claim-title")).focus();
}

function leaveClaim() {
  fields.forEach((field) => field.commit?.());
  const claim = openClaim();
  passage.focus();
  if (!claim?.spans.length) return;
  const [number, , end] = claim.spans.at(-1);
  const units = toUnits(state.paragraphs[number - 1], end);
  const index = wordsOf.findLastIndex((it) => it.paragraph < number - 1 || (it.paragraph === number - 1 && it.start < units));
  if (index >= 0) moveTo(index, false);
}

function removeClaim() {
  const claim = openClaim();
  if (!claim) return;
  take({
    path: "claims/removal", method: "POST", body: claim.place, label: t("removing the claim"), spans: JSON.stringify(claim.spans),
    after: () => {
      place = null;
      showState(state);
      passage.focus();
      say(t("The claim is removed. Undo brings it back."));
    },
  });
}
