// The form of one claim, from the ontology; each change is a step.

let place = null;
let fields = [];
let shape = "";

const samePlace = (one, other) => one && other && one.file === other.file && one.number === other.number;
const openClaim = () => state.claims.find((claim) => samePlace(claim.place, place)) ?? null;
const listOf = (value) => (value === undefined || value === null ? [] : [value].flat());
// In a role, it stands for the last link of the chain.
const SPEAKER = "said_by";
const nameOf = (id) => (id === SPEAKER ? t("whoever says so") : (state.labels[id]?.label ?? id));

// `changes` are fields, or a function that returns them when the turn of the step has come: what it
// adds to must be what the steps before it have left.
function set(changes, label, after) {
  const claim = openClaim();
  if (!claim) return;
  const current = () => (typeof changes === "function" ? changes() : changes);
  const make = () => ({ ...claim.place, fields: current() });
  const [value] = Object.values(current());
  return take({
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

const isDenied = () => textOf("polarity") === "denied";
const predicateWords = (name, denied) => {
  const label = words.predicates[name]?.label ?? name;
  return denied ? t("%(predicate)s: denied", { predicate: label }) : label;
};

function predicateField() {
  const label = () => (textOf("predicate") ? predicateWords(textOf("predicate"), isDenied()) : "");
  const suggest = async (text) => {
    const options = await ask("predicates", { query: { q: text, passage: passageOf() } }).catch(() => []);
    const both = new Set(options.filter(({ denied }) => denied).map(({ name }) => name));
    return options.map(({ name, denied }) => ({
      words: predicateWords(name, denied),
      note: words.predicates[name].help,
      // Whether it is denied is chosen here only where both are offered.
      take: () => set({ predicate: name, ...(both.has(name) && { polarity: denied ? "denied" : "" }) }, t("predicate"), () => fields[1]?.input?.focus()),
    }));
  };
  return choice({
    label: t("What is claimed"), suggest, text: label,
    help: t("In plain words: sold, is part of, was used against, denies selling. The first are of the words that you selected."),
  });
}

// The entities of a role, or the speakers of a chain; a name that nobody has becomes a new entity.
// `more(text, add)` returns further options for a name.
function namesField({ label, help, role = "", fewest = 0, most = null, ids, save, more = () => [], takes = () => true }) {
  const add = (id) => save((now) => (most === 1 ? [id] : [...now.filter((it) => it !== id), id]));
  const suggest = async (text) => {
    const query = { source: state.source, q: text, passage: passageOf() };
    if (role) Object.assign(query, { role, predicate: textOf("predicate") });
    const none = { names: [], others: [], types: [], unknown: [] };
    const { names, others, types, unknown } = await ask("names", { query }).catch(() => none);
    // What has a place in the claim already seldom has another one.
    const present = role && !text ? Object.values(valueOf("roles") ?? {}).flat() : ids();
    const toOptions = (list) => list.filter(({ id, type }) => !present.includes(id) && takes(type)).map(({ id, label: name, type, name: match }) => ({
      words: name,
      note: [words.types[type]?.label ?? type.replaceAll("_", " "), id, ...(match === name ? [] : [match])].join(" · "),
      take: () => add(id),
    }));
    const options = toOptions(names);
    const whoever = capitalised(nameOf(SPEAKER));
    if (role === "speaker" && !ids().includes(SPEAKER) && whoever.toLowerCase().startsWith(text.toLowerCase())) {
      options.unshift({ words: whoever, note: t("the last of “Who says so” below"), take: () => add(SPEAKER) });
    }
    for (const type of text ? types : []) {
      options.push({ words: t("New: %(name)s", { name: text }), note: words.types[type].label, take: () => newEntity(text, type, add) });
    }
    if (text) options.push(...more(text, add));
    for (const name of unknown) options.push({ words: name, note: t("new: choose what it is"), fill: name });
    return [...options, ...toOptions(others)];
  };
  const chips = () => ids().map((id) => ({ words: nameOf(id), remove: () => save((now) => now.filter((it) => it !== id)) }));
  return choice({
    label, help, suggest, chips,
    closed: () => ids().length >= Math.max(fewest, 1), ready: () => ids().length < fewest, goesOn: () => ids().length >= fewest,
  });
}

async function newEntity(name, type, after) {
  const answer = await take({
    path: "entities", method: "POST", body: { source: state.source, name, type }, label: t("new entity %(name)s", { name }),
  });
  return answer && after(answer.id);
}

function roleFields(predicate) {
  return Object.entries(predicate.roles).map(([role, { help, fewest, most }]) =>
    namesField({
      label: fewest ? capital(role) : t("%(name)s (if said)", { name: capital(role) }), help, role, fewest, most,
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

const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const capital = (name) => capitalised(wordOf(name));

// The chains of the claim, without the document where that cites somebody; one statement may have
// several speakers, each with a chain.
const speakers = () => {
  const chains = openClaim()?.chains ?? [];
  return chains.length > 1 ? chains.map((chain) => (chain.length > 1 ? chain.slice(1) : chain)) : chains.map((chain) => chain.slice(1)).filter(({ length }) => length);
};

function setSpeakers(change) {
  const make = () => {
    const { source } = openClaim().values;
    const chains = change(speakers()).filter(({ length }) => length).map((chain) => (chain[0] === source ? chain : [source, ...chain]));
    return { said_by: chains.length > 1 ? chains : (chains[0] ?? [source]) };
  };
  return set(make, t("who says so"));
}

function chainField(index) {
  const chain = () => speakers()[index] ?? [];
  return namesField({
    label: index ? t("Who else says the same (if anybody)") : whoLabel(),
    help: index ? t("Another speaker of the same statement.") : t("From the outside in: a study that it cites, then whom that cites."),
    ids: chain, more: newSourceOptions, save: (change) => setSpeakers((chains) => [...chains.slice(0, index), change(chains[index] ?? []), ...chains.slice(index + 1)]),
  });
}

const whoLabel = () => (isDenied() ? t("Who denies it, beyond the document (if anybody)") : t("Who says so, beyond the document (if anybody)"));

// A field for each chain, and one more below; then the records of the documents that they cite.
function speakerFields() {
  const records = citedFields();
  const fieldset = element("div", { className: "fields" }, records.field);
  const chains = [];
  const update = () => {
    while (chains.length < speakers().length + 1) {
      chains.push(chainField(chains.length));
      records.field.before(chains.at(-1).field);
    }
    chains.forEach((chain, index) => {
      chain.field.hidden = index > speakers().length;
      chain.update();
    });
    chains[0].field.querySelector("label").textContent = whoLabel();
    records.update();
  };
  update();
  return { field: fieldset, update, commit: records.commit, input: chains[0].input, isWho: true };
}

// What the ties that the claim makes say, as a sentence that somebody may take over.
function sentenceFrom({ ties, sentence }) {
  if (!sentence) return "";
  const names = speakers().map((chain) => nameOf(chain.at(-1)));
  const { denied } = ties[0];
  const verb = names.length > 1 ? ["say", "deny"] : ["says", "denies"];
  if (names.length) return capitalised(`${names.join(" and ")} ${verb[Number(denied)]} that ${sentence}.`);
  return denied ? `It is denied: ${sentence}.` : capitalised(`${sentence}.`);
}

async function offeredSentence() {
  await turn;
  const claim = openClaim();
  if (!claim) return "";
  return sentenceFrom(await ask("ties", { query: { source: state.source, ...claim.place } }).catch(() => ({})));
}

function summaryField() {
  const result = textField({
    label: t("In one sentence of your own"), help: t("Enter takes over the one that is offered."), rows: 2,
    value: () => textOf("summary"), save: (text) => set({ summary: text }, t("summary")), offer: offeredSentence,
  });
  const button = element("button", { type: "button", hidden: true });
  let last = "";
  button.addEventListener("click", () => {
    set({ summary: button.dataset.words }, t("summary"));
    goOn(result.input);
  });
  result.field.append(button);
  result.offer = (sentence) => {
    const summary = textOf("summary");
    // One that was taken over before something changed is offered anew.
    button.hidden = !sentence || sentence === summary || Boolean(summary && summary !== last);
    if (summary === sentence || !summary) last = sentence;
    button.dataset.words = sentence;
    button.textContent = t("Write “%(sentence)s”", { sentence });
  };
  return result;
}

const DATES = t("19 November 2022, March 2021, since 2009, by 2011, last year, between 2010 and 2012, or EDTF.");

function whenField() {
  return dateField({
    label: t("When it was so (if said)"), help: DATES, edtf: () => textOf("when"), note: () => textOf("when_note"),
    save: (when, note) => set({ when, when_note: note }, t("when")),
  });
}

// The claim that this one replaces, of the same data set.
function replacementField() {
  const replaced = () => textOf("supersedes");
  const suggest = async (text) => {
    const query = { source: state.source, ...openClaim()?.place, q: text };
    const claims = await ask("replaceable", { query }).catch(() => []);
    return claims.filter(({ id }) => id !== replaced()).map(({ id, summary, source, speaker, recorded_on: day }) => ({
      words: summary, note: [source, ...(speaker === source ? [] : [speaker]), day].join(" · "),
      take: () => set({ supersedes: id }, t("the claim that it replaces")),
    }));
  };
  return choice({
    label: t("Replaces the claim (if it corrects one)"), suggest, ready: () => false, goesOn: () => true,
    help: t("One that others have read already: it stays in the file, and no longer counts."),
    chips: () => [replaced()].filter(Boolean).map((id) => ({
      words: state.replaced[id] ?? t("a claim that is not there: %(id)s", { id }), remove: () => set({ supersedes: "" }, t("the claim that it replaces")),
    })),
    closed: () => Boolean(replaced()),
  });
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
    textField({
      label: t("Retracted, because"), help: t("A claim that others have read already and that is wrong: it stays, and no longer counts."),
      value: () => String(valueOf("retracted")?.reason ?? ""),
      save: (reason) => set(() => ({ retracted: reason ? { on: valueOf("retracted")?.on ?? today(), reason } : "" }), t("retraction")),
    }),
    replacementField(),
  ];
  const more = closable(t("Number, likelihood, readings, note, replacement, retraction"));
  more.append(element("div", { className: "side" }, ...parts.slice(0, 5).map(({ field }) => field)), ...parts.slice(5).map(({ field }) => field));
  more.open = ["quantity", "likelihood", "confidence", "inferred", "note", "supersedes", "retracted"].some((name) => valueOf(name) !== undefined);
  return { field: more, update: () => parts.forEach((part) => part.update()), commit: () => parts.forEach((part) => part.commit?.()) };
}

const today = () => new Date().toLocaleDateString("sv");
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
    fields.push(...roleFields(predicate), ...detailFields(predicate), whenField(), speakerFields(), modality(), polarity(), summaryField(), moreFields(predicate));
  }
  const done = element("button", { type: "button", className: "next", textContent: t("Done") });
  const another = element("button", { type: "button", textContent: t("Another claim on these words") });
  const remove = element("button", { type: "button", textContent: t("Remove the claim") });
  done.addEventListener("click", leaveClaim);
  another.addEventListener("click", beginBeside);
  remove.addEventListener("click", removeClaim);
  byId("form").replaceChildren(evidence.field, ...fields.map(({ field }) => field), element("div", { className: "row" }, done, another, remove));
  fields.push(evidence);
}

function offerSummary(answer) {
  fields.find((field) => field.offer)?.offer(sentenceFrom(answer));
}

byId("form").addEventListener("submit", (event) => event.preventDefault());
byId("form").addEventListener("keydown", (event) => {
  if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) {
    event.preventDefault();
    if (event.key === "Escape") leaveClaim();
    else if (event.shiftKey) beginBeside();
    else finish();
  }
});

function beginClaim() {
  const spans = selectedSpans();
  if (!spans.length) return;
  holdKeys(() => take({
    path: "claims", method: "POST", body: { source: state.source, spans }, label: t("a claim on “%(quote)s”", { quote: quoted(spans) }),
    after: (answer) => goTo(answer.place),
  }));
}

// A claim on the same words, by the same speakers: in the file, both stand in one group.
function beginBeside() {
  fields.forEach((field) => field.commit?.());
  const claim = openClaim();
  if (!claim) return;
  holdKeys(() => take({
    path: "claims/beside", method: "POST", body: claim.place, label: t("another claim on the same words"), spans: JSON.stringify(claim.spans),
    after: (answer) => goTo(answer.place),
  }));
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

// The sentence is the last thing that a claim needs: with it, the claim is done.
function finish() {
  holdKeys(async () => {
    fields.forEach((field) => field.commit?.());
    await turn;
    const { input } = fields.find((field) => field.offer) ?? {};
    // Of a denial, it matters who denies.
    const who = fields.find((field) => field.isWho)?.input;
    const before = who && document.activeElement.compareDocumentPosition(who) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (isDenied() && !speakers().length && before) return who.focus();
    if (!input || textOf("summary")) return leaveClaim();
    if (document.activeElement !== input) return input.focus();
    const summary = await offeredSentence();
    if (summary) await set({ summary }, t("summary"));
    return leaveClaim();
  });
}

// Back to the text, where the next sentence without a claim is selected.
function leaveClaim() {
  fields.forEach((field) => field.commit?.());
  const claim = openClaim();
  passage.focus();
  if (!claim?.spans.length) return;
  const [number, , end] = claim.spans.at(-1);
  const units = toUnits(state.paragraphs[number - 1], end);
  const index = wordsOf.findLastIndex((it) => it.paragraph < number - 1 || (it.paragraph === number - 1 && it.start < units));
  if (index < 0) return;
  moveTo(index, false);
  nextBare();
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
