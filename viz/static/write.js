// The page as a whole: what is there, what is left to do, and how to take it back.

let checks = 0;
let findings = [];

function showState(answer) {
  const { source, folder } = state;
  state = { ...state, ...answer };
  if (source !== state.source || answer.paragraphs.join("\n") !== shownText) {
    shownText = answer.paragraphs.join("\n");
    showText();
  }
  if (folder !== state.folder) restore();
  showSources();
  showForm();
  showCover(openClaim());
  showList();
  showShared();
  showProposals();
  byId("undo").disabled = !state.undo;
  byId("undo").textContent = state.undo ? t("Undo: %(step)s", { step: state.undo }) : t("Undo");
  byId("saved").textContent = t("Saved in %(folder)s", { folder: state.folder });
  clearTimeout(checks);
  checks = setTimeout(check, 150);
}

let shownText = "";

// What a crash of the browser, or of the program, has left unsaved.
function restore() {
  const kept = JSON.parse(localStorage.getItem(keptUnder()) ?? "[]");
  if (!kept.length || waiting.length) return;
  waiting = kept;
  waiting.problem = { status: 412, message: "" };
  waiting.conflict = true;
  showProblem(t("This was not saved the last time: %(steps)s.", { steps: kept.map((it) => it.label).join("; ") }), true);
}

function showSources() {
  const options = state.sources.map(({ id, title, text }) =>
    element("option", { value: id, textContent: text ? title : t("%(title)s (its text is not stored here)", { title }), disabled: !text }),
  );
  byId("source").replaceChildren(...options);
  byId("source").value = state.source;
}

// A claim with several chains has a number for each.
const ofClaim = ({ file, number, chains }) => findings.filter((finding) => {
  const its = Number(/^claim ([0-9]+)/.exec(finding.record)?.[1]);
  return finding.file === file && number <= its && its < number + Math.max(chains.length, 1);
});

function showList() {
  byId("claims-title").textContent = t("Claims (%(number)s)", { number: state.claims.length });
  byId("start").hidden = Boolean(state.claims.length) || !state.source;
  byId("list").replaceChildren(...state.claims.map((claim) => {
    const name = claim.values.summary || `${words.predicates[claim.values.predicate]?.label ?? t("A claim")}: ${claim.passages.join(" … ").slice(0, 80)}`;
    const left = ofClaim(claim).filter(({ kind }) => !kind).length;
    const text = element("span", { textContent: name, dir: "auto" });
    const todo = element("span", { className: "todo", textContent: left ? ` (${count(left, "%(num)s left to do", "%(num)s left to do")})` : "" });
    if (claim.replaced) text.append(element("span", { className: "aside", textContent: ` ${t("(replaced by another claim)")}` }));
    if (!claim.place) return element("li", {}, text, todo, element("span", { className: "aside", textContent: ` ${t("This page writes YAML files alone: %(file)s, line %(line)s, is for an editor.", claim)}` }));
    const button = element("button", { type: "button" }, text, todo);
    if (samePlace(claim.place, place)) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => goTo(claim.place));
    return element("li", {}, button);
  }));
}

// What `check` says, and the ties of the open claim.
async function check() {
  const version = state.version;
  const report = await ask("report").catch(() => null);
  if (!report || version !== state.version) return;
  findings = report;
  const items = (list, full) => list.map((it) =>
    element("li", { className: it.kind ? "warning" : "fault", textContent: full ? it.words : sentenceOf(it), dir: "auto" }),
  );
  const faults = findings.filter(({ kind }) => !kind).length;
  byId("report-title").textContent = t("What check says of the folder: %(faults)s, %(warnings)s", {
    faults: count(faults, "%(num)s fault", "%(num)s faults"),
    warnings: count(findings.length - faults, "%(num)s warning", "%(num)s warnings"),
  });
  byId("report").replaceChildren(...items(findings, true));
  byId("load").hidden = faults > 0 || !state.claims.length;
  byId("load").textContent = t("Nothing is left to do: `%(command)s` brings the claims into the graph.", { command: `sightlines load ${state.folder}` });
  showList();
  const claim = openClaim();
  const its = claim ? ofClaim(claim) : [];
  byId("found").replaceChildren(...items(its, false));
  if (!its.length) byId("found").append(element("li", { textContent: t("Nothing.") }));
  if (claim) await showTies(claim);
}

function sentenceOf({ field, message, hint }) {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, "")}. ${hint}`.trim();
  return field ? `${capital(field)}: ${text}` : text;
}

async function showTies(claim) {
  const query = { source: state.source, ...claim.place };
  const answer = await ask("ties", { query }).catch(() => ({ ties: [], sentence: "" }));
  const { ties } = answer;
  if (claim.place && !samePlace(claim.place, place)) return;
  byId("ties").replaceChildren(...ties.map(({ words: sentence, denied }) =>
    element("li", { textContent: denied ? t("Denied: %(sentence)s", { sentence }) : sentence, dir: "auto" }),
  ));
  if (!ties.length) byId("ties").append(element("li", { textContent: t("None.") }));
  const drawn = ties.filter(({ denied }) => !denied);
  byId("picture").replaceChildren(...(drawn.length ? [drawing(drawn)] : []));
  offerSummary(answer);
}

function svg(name, attributes, ...children) {
  const result = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) result.setAttribute(key, value);
  result.append(...children);
  return result;
}

// Those that ties come from stand on the left, those that they go to on the right.
function drawing(ties) {
  const [width, step] = [380, 52];
  const columns = ["source", "target"].map((end) => [...new Set(ties.map((tie) => tie[end]))]);
  const height = Math.max(...columns.map(({ length }) => length)) * step;
  const arrow = svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8Z" }));
  const picture = svg("svg", { class: "drawing", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": "ties-title" }, svg("defs", {}, arrow));
  const at = (side, id) => ({ x: side ? width - 70 : 70, y: ((columns[side].indexOf(id) + 0.5) * height) / columns[side].length - 8 });
  for (const { source, target, verb } of ties) {
    const [from, to] = [at(0, source), at(1, target)];
    picture.append(svg("line", { x1: from.x + 16, y1: from.y, x2: to.x - 16, y2: to.y, "marker-end": "url(#arrow)" }));
    picture.append(svg("text", { class: "type", x: (from.x + to.x) / 2, y: from.y + 0.4 * (to.y - from.y) - 3 }, verb));
  }
  columns.forEach((ids, side) => {
    for (const id of ids) {
      const { x, y } = at(side, id);
      const type = state.labels[id]?.type;
      const label = nameOf(id).length > 22 ? `${nameOf(id).slice(0, 21)}…` : nameOf(id);
      picture.append(svg("g", {}, svg("title", {}, nameOf(id)), svg("path", { class: `type-${type}`, transform: `translate(${x} ${y})`, d: words.types[type]?.path ?? "" }), svg("text", { x, y: y + 24 }, label)));
    }
  });
  return picture;
}

// What programs have proposed, to be decided one by one.
function showProposals() {
  const proposals = state.proposals ?? [];
  byId("proposals").hidden = !proposals.length;
  byId("proposals-title").textContent = t("Proposals (%(number)s)", { number: proposals.length });
  const makers = proposals.map(({ maker, sent_to: address }) => (address ? t("%(maker)s, which was sent the text at %(address)s", { maker, address }) : maker));
  byId("proposals-from").textContent = t("By %(makers)s. None is in the data before you accept it; then you can change it.", { makers: [...new Set(makers)].join("; ") });
  byId("waiting").replaceChildren(...proposals.map((proposal) => {
    const { quote, predicate, roles, summary } = proposal;
    const places = Object.entries(roles).map(([role, ids]) => `${wordOf(role)}: ${ids.map((id) => (state.labels[id] ? nameOf(id) : t("“%(id)s”, whom nobody has", { id }))).join(", ")}`);
    const accept = element("button", { type: "button", textContent: t("Accept") });
    const refuse = element("button", { type: "button", textContent: t("Refuse") });
    accept.addEventListener("click", () => decide(proposal, true));
    refuse.addEventListener("click", () => decide(proposal, false));
    return element(
      "li", { className: "card" },
      element("p", { className: "summary", textContent: summary || quote, dir: "auto" }),
      element("blockquote", { textContent: quote, dir: "auto" }),
      element("p", { className: "aside", textContent: `${words.predicates[predicate].label}. ${places.join("; ")}` }),
      element("div", { className: "row" }, accept, refuse),
    );
  }));
}

function decide({ id, quote }, accept) {
  const after = (answer) => {
    if (!answer.place) return byId("proposals-title").focus();
    goTo(answer.place);
    if (answer.unknown.length) showProblem(t("Nobody has the names %(names)s: choose another one, or write a new entity.", { names: answer.unknown.join(", ") }), false);
    return null;
  };
  take({
    path: "decisions", method: "POST", body: { source: state.source, proposal: id, accept },
    label: accept ? t("accepting the proposal on “%(quote)s”", { quote }) : t("refusing the proposal on “%(quote)s”", { quote }), after,
  });
}

byId("begin").addEventListener("click", beginClaim);
byId("add").addEventListener("click", addWords);
byId("source").addEventListener("change", () => {
  place = null;
  reload(byId("source").value);
});

function undo() {
  take({ path: "undo", method: "POST", body: {}, label: t("undo"), after: ({ undone }) => say(undone ? t("Taken back: %(step)s", { step: undone }) : t("There is nothing to take back.")) });
}

byId("undo").addEventListener("click", undo);
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]), textarea");
  if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || typing) return;
  event.preventDefault();
  undo();
});

// What was typed last is saved on the way out.
addEventListener("visibilitychange", () => document.hidden && [...fields, ...shared.values()].forEach((field) => field.commit?.()));

if (token) {
  reload().then(() => {
    if (state.source) passage.focus();
    else if (state.folder) showProblem(t("The folder has no source with a stored text. `sightlines source add FILE --to FOLDER` brings both."), false);
  });
  setInterval(() => document.hidden || follow(), 2000);
  addEventListener("focus", follow);
} else {
  showProblem(t("Open the address that the terminal shows: it has the token of this page."), false);
}
