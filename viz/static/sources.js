// Who says so: the documents and speakers behind each connection, drawn as a tree in the panel, and
// taken out one by one. A claim falls with any link of its chain; which connections then fall, which
// have fewer claims and which stand is seen in the picture.

const documentItems = new Map(
  [...evidence.querySelectorAll("#sources > [data-source]")].map((item) => [item.dataset.source, item]),
);

// The links of a claim's chain, from the document at hand to the deepest speaker.
function chainOfCard(card) {
  const cell = [...card.querySelectorAll("dt")].find((term) => term.matches(".speakers"))?.nextElementSibling;
  return [...(cell?.children ?? [])]
    .filter((link) => !link.matches(".cites, .paragraphs, .original"))
    .map((link) => ({ id: idOf(link), name: link.textContent, link }));
}

// The id of the record that a link leads to: an address, or a file of a static site.
function idOf(link) {
  const last = link.getAttribute("href")?.split("/").at(-1) ?? link.textContent;
  return decodeURIComponent(last.replace(/\.html$/, ""));
}

const chainsOf = new Map([...cards.values()].map((card) => [card, chainOfCard(card)]));
const affirming = (id) => cardsOf(id).filter((card) => !card.classList.contains("denied"));

// Everyone in the chains, with the connections that hang on them; a publisher stands for its documents.
function speakersOf() {
  const speakers = new Map();
  const add = (id, name, kind, edge) => {
    if (!speakers.has(id)) speakers.set(id, { id, name, kind, edges: new Set() });
    speakers.get(id).edges.add(edge);
  };
  for (const edge of data.edges) {
    for (const { id, name } of affirming(edge.id).flatMap((card) => chainsOf.get(card))) {
      add(id, name, documentItems.has(id) ? "documents" : "speakers", edge.id);
      const { publisher } = documentItems.get(id)?.dataset ?? {};
      if (publisher) add(`publisher:${publisher}`, publisher, "publishers", edge.id);
    }
  }
  return speakers;
}

const speakers = speakersOf();

function isOut({ id }) {
  const { publisher } = documentItems.get(id)?.dataset ?? {};
  return state.out.has(id) || (publisher && state.out.has(`publisher:${publisher}`));
}

// Decide for each connection whether it falls, has fewer claims, or stands.
function judge() {
  fates.clear();
  if (!state.out.size) return;
  for (const edge of data.edges) {
    const claims = affirming(edge.id);
    const left = claims.filter((card) => !chainsOf.get(card).some(isOut)).length;
    fates.set(edge.id, left === claims.length ? "stands" : left ? "weaker" : "falls");
  }
}

function fateInWords() {
  if (!state.out.size) return "";
  const number = (fate) => [...visible.edges].filter((id) => fates.get(id) === fate).length;
  const names = [...state.out].map((id) => speakers.get(id).name);
  const counts = t("without %(names)s: %(fallen)s, %(weaker)s with fewer claims, %(standing)s", {
    names: names.join(", "),
    fallen: count(number("falls"), "%(num)s falls", "%(num)s fall"),
    weaker: number("weaker"),
    standing: count(number("stands"), "%(num)s stands", "%(num)s stand"),
  });
  return `; ${counts}`;
}

const sourceMenu = document.getElementById("out");
const sourceBoxes = new Map();
const KINDS = { documents: t("Documents"), speakers: t("Speakers"), publishers: t("Publishers") };
for (const [kind, title] of Object.entries(KINDS)) {
  const ofKind = [...speakers.values()].filter((each) => each.kind === kind);
  if (!sourceMenu || !ofKind.length) continue;
  const list = element("fieldset", "", element("legend", "", title));
  for (const each of ofKind.sort((a, b) => b.edges.size - a.edges.size || a.name.localeCompare(b.name, "en"))) {
    const box = element("input", "");
    Object.assign(box, { type: "checkbox", checked: true });
    box.addEventListener("change", () => takeOut(each.id, !box.checked));
    sourceBoxes.set(each.id, box);
    const number = element("span", "number", String(each.edges.size));
    list.append(element("label", "", box, element("span", "", each.name), " ", number));
  }
  sourceMenu.lastElementChild.append(list);
}

function takeOut(id, out) {
  if (out) state.out.add(id);
  else state.out.delete(id);
  onFilter("push");
}

function showOut() {
  if (!sourceMenu) return;
  for (const [id, box] of sourceBoxes) box.checked = !state.out.has(id);
  const size = state.out.size;
  sourceMenu.firstElementChild.textContent = size
    ? count(size, "Sources: %(num)s taken out", "Sources: %(num)s taken out")
    : t("Sources");
}

// The chains of a connection's claims as one tree: what two of them share is joined.
function speakerTree(edge) {
  const top = { children: new Map() };
  for (const card of affirming(edge.id)) {
    let here = top;
    for (const link of chainsOf.get(card)) {
      if (!here.children.has(link.id)) here.children.set(link.id, { ...link, children: new Map(), cards: [] });
      here = here.children.get(link.id);
    }
    here.cards.push(card);
  }
  return [...top.children.values()];
}

const NO_ADDRESS = t("Its words are not held here: no address is recorded for it.");
const UNREAD = t("Its words are not held here: known here only from what cites it.");

function speakerItem(node) {
  const about = documentItems.get(node.id)?.querySelector(".aside")?.textContent.replace(/^: /, "").split(";")[0];
  const own = documentItems.get(node.id)?.querySelector("a[rel]");
  const name = node.link.cloneNode(true);
  const item = element("li", state.out.has(node.id) ? "struck" : "", name);
  if (about) item.append(element("span", "aside", ` ${about}`));
  if (own) item.append(" · ", own.cloneNode(true));
  if (speakers.has(node.id)) {
    const button = element("button", "out", state.out.has(node.id) ? t("Put back") : t("Take out"));
    button.type = "button";
    button.setAttribute("aria-label", `${button.textContent}: ${node.name}`);
    button.addEventListener("click", () => takeOut(node.id, !state.out.has(node.id)));
    item.append(" ", button);
  }
  const passages = node.cards.map((card) => card.querySelector("blockquote")).filter(Boolean);
  for (const passage of passages) item.append(passage.cloneNode(true));
  const read = !documentItems.get(node.id)?.dataset.unread;
  if (!passages.length && !own && documentItems.has(node.id)) {
    item.append(element("p", "aside", read ? NO_ADDRESS : UNREAD));
  }
  if (node.children.size) item.append(element("ul", "", ...[...node.children.values()].map(speakerItem)));
  return item;
}

function whoSaysSo(edge) {
  const tree = speakerTree(edge);
  if (!tree.length) return [];
  const fate = {
    falls: t("Nothing of it is left without what is taken out."),
    weaker: t("It has fewer claims without what is taken out."),
  };
  const note = fate[fates.get(edge.id)];
  return [
    element("h3", "", t("Who says so, and whom they cite")),
    element("ul", "who", ...tree.map(speakerItem)),
    ...(note ? [element("p", "caution", note)] : []),
  ];
}
