// The panel: one connection with its claims, or one entity with its connections and claims. Claims
// are clones of the server-rendered cards.

const cards = new Map(cardsOfPage(".card[id]").map((card) => [card.id, card]));

// The cards of the claims behind a connection: each claim of the page has one card, with its number.
function cardsOf(id) {
  return (edges.get(id)?.claims ?? []).map((number) => cards.get(`c${number}`));
}

// An id must be unique in the page.
function cloneCard(card) {
  const copy = card.cloneNode(true);
  copy.removeAttribute("id");
  return copy;
}

const whenOf = (edge) => rows.get(edge.id).querySelector(".when").textContent;
const sharedOf = (edge) => rows.get(edge.id).querySelector(".shared")?.textContent;
const supportOf = (edge) => rows.get(edge.id).querySelector(".support").textContent;

// A hub has hundreds of connections and claims: a screenful is added at once, the rest in the frames
// that follow.
const AT_ONCE = 20;
let queue = [];

function fillList(parent, items, make) {
  parent.append(...items.slice(0, AT_ONCE).map(make));
  for (let from = AT_ONCE; from < items.length; from += AT_ONCE) {
    queue.push(() => parent.append(...items.slice(from, from + AT_ONCE).map(make)));
  }
  return parent;
}

// Runs after the next frame, not before it.
function afterFrame(act) {
  requestAnimationFrame(() => setTimeout(act));
}

function fillNext(list) {
  if (list !== queue || !list.length) return;
  list.shift()();
  afterFrame(() => fillNext(list));
}

function fillAll() {
  while (queue.length) queue.shift()();
  for (const details of foldedParts.keys()) unfold(details);
}

function show(...parts) {
  panel.replaceChildren(...parts);
  // In the next frame: scrolling now would lay the page out twice.
  requestAnimationFrame(() => (panel.scrollTop = 0));
}

function closeButton() {
  const button = element("button", "close", t("Close"));
  button.type = "button";
  button.addEventListener("click", () => {
    select({});
    canvas.focus({ preventScroll: true });
  });
  return button;
}

function entityButton(id) {
  const button = element("button", "", nameOf(id, "span"));
  button.type = "button";
  button.addEventListener("click", () => select({ entity: id }));
  return button;
}

// The parts of a sentence in the order of the language.
const SENTENCE = t("%(source)s %(verb)s %(target)s%(marks)s", {
  source: "\0source\0", verb: "\0verb\0", target: "\0target\0", marks: "\0marks\0",
}).split("\0");

function sentence(edge) {
  const parts = {
    source: nameOf(edge.from, "span"),
    verb: edge.label,
    target: nameOf(edge.to, "span"),
    marks: edge.marks,
  };
  return SENTENCE.map((part, i) => (i % 2 ? parts[part] : part));
}

function sentenceText(edge) {
  const [source, target] = [nodes.get(edge.from).label, nodes.get(edge.to).label];
  return t("%(source)s %(verb)s %(target)s%(marks)s", { source, verb: edge.label, target, marks: edge.marks });
}

function tiePanel(edge) {
  const row = rows.get(edge.id);
  const status = row.querySelector(".status").cloneNode(true);
  const line = element("p", "aside", ...status.childNodes, ` · ${supportOf(edge)}`);
  const page = row.querySelector(".claim-links > a:last-child").cloneNode(true);
  return [
    closeButton(),
    element("p", "kind", `${t("Connection")} · ${whenOf(edge)}`),
    element("h2", "", ...sentence(edge)),
    line,
    ...(sharedOf(edge) ? [element("p", "aside", sharedOf(edge))] : []),
    element("p", "pair", entityButton(edge.from), entityButton(edge.to)),
    ...whoSaysSo(edge),
    fillList(element("div", ""), cardsOf(edge.id), cloneCard),
    element("p", "record", page),
  ];
}

function tieItem(edge, id) {
  const outward = edge.from === id;
  const words = `${outward ? edge.label : edge.inverse} `;
  const independent = count(edge.independent, "%(num)s independent account", "%(num)s independent accounts");
  const tag = element("span", "tag", `${whenOf(edge)} · ${independent}`);
  const button = element("button", "", words, nameOf(outward ? edge.to : edge.from), `${edge.marks} `, tag);
  button.type = "button";
  button.addEventListener("click", () => select({ tie: edge.id }));
  return element("li", "", button);
}

// The connections of an entity by relation, supplies first.
function byRelation(ties, id) {
  const order = (edge) => 2 * data.relations.indexOf(edge.type) + (edge.from === id ? 0 : 1);
  return [...ties].sort((a, b) => order(a) - order(b));
}

// Every claim that names the entity, once; those of its connections come first.
function claimsOf(id) {
  const own = edgesOf.get(id).flatMap((edge) => cardsOf(edge.id));
  const others = otherCards.filter((it) => it.dataset.entities.split(" ").includes(id));
  return [...new Set([...own, ...others.map((it) => it.firstElementChild)])];
}

// What is folded of each claim in the panel: it comes in when somebody opens it, or for print.
const foldedParts = new Map();

function unfold(details) {
  details.append(...(foldedParts.get(details) ?? []));
  foldedParts.delete(details);
}

// A claim as its summary, with the rest of its card folded.
function foldedCard(card) {
  const clone = cloneCard(card);
  const short = clone.querySelector(".summary");
  const details = element("details", "", element("summary", "", ...short.childNodes));
  const manner = clone.querySelector(".manner");
  short.remove();
  manner?.remove();
  foldedParts.set(details, [...clone.childNodes]);
  details.addEventListener("toggle", () => unfold(details), { once: true });
  clone.replaceChildren(...(manner ? [manner] : []), details);
  return clone;
}

// A path leads through the whole graph where there is a server to ask, else through this picture.
const FROM_HERE = t("Find a path from here");

// The page with what is around an entity as well, in the state that this one is in.
function expansion(link) {
  const url = new URL(link.href);
  if (location.hash) url.hash = location.hash;
  return url.href;
}

function entityPanel(id) {
  const ties = edgesOf.get(id).filter((edge) => visible.edges.has(edge.id));
  const note = notes.get(id).cloneNode(true);
  const heading = element("h2", "", ...note.querySelector("h3").childNodes);
  heading.lang = nodes.get(id).lang;
  heading.dir = "auto";
  note.querySelector("h3").replaceWith(heading);
  for (const link of note.querySelectorAll(".expand")) {
    link.addEventListener("click", () => (link.href = expansion(link)));
  }
  const claims = claimsOf(id);
  const onward = data.pathPage ? element("a", "button", FROM_HERE) : element("button", "", FROM_HERE);
  if (data.pathPage) onward.href = `${data.pathPage}?${new URLSearchParams({ from: id })}`;
  else {
    onward.type = "button";
    onward.addEventListener("click", () => startPath(id));
  }
  const parts = [closeButton(), note, element("p", "pair onward", onward)];
  if (ties.length) {
    const list = fillList(element("ul", "ties"), byRelation(ties, id), (edge) => tieItem(edge, id));
    parts.push(element("h3", "", t("Connections")), list);
  }
  if (claims.length) {
    const title = element("h3", "", count(claims.length, "%(num)s claim", "%(num)s claims"));
    parts.push(title, fillList(element("div", "claims"), claims, foldedCard));
  }
  return parts;
}

const intro = document.getElementById("intro");
const mostConnected = intro.appendChild(element("ul", "ties"));

// The best connected of what is visible.
function fillIntro() {
  const ties = (id) => edgesOf.get(id).filter((edge) => visible.edges.has(edge.id)).length;
  const best = byDegree
    .filter((node) => visible.nodes.has(node.id))
    .map(({ id, type }) => ({ id, type, ties: ties(id) }))
    .sort((a, b) => b.ties - a.ties)
    .slice(0, 6);
  const items = best.map((each) => {
    const button = entityButton(each.id);
    button.prepend(iconOf(each.type), " ");
    button.append(" ", element("span", "tag", count(each.ties, "%(num)s connection", "%(num)s connections")));
    return element("li", "", button);
  });
  mostConnected.replaceChildren(...items);
  mostConnected.previousElementSibling.hidden = !items.length;
}

// Some connections that are marked together: a chain, or what depends on a source.
function framePanel({ edges: marked }) {
  const item = (id) => {
    const edge = edges.get(id);
    const tag = element("span", "tag", `${whenOf(edge)} · ${supportOf(edge)}`);
    const button = element("button", "", ...sentence(edge), " ", tag);
    button.type = "button";
    button.addEventListener("click", () => select({ tie: id }));
    return element("li", "", button);
  };
  const list = fillList(element("ul", "ties"), [...marked], item);
  return [
    closeButton(),
    element("h2", "", count(marked.size, "%(num)s connection", "%(num)s connections")),
    element("p", "caution", CAUTION),
    list,
  ];
}

function fillPanel() {
  queue = [];
  foldedParts.clear();
  if (state.tie) show(...tiePanel(edges.get(state.tie)));
  else if (state.path) show(...pathPanel(state.path));
  else if (state.entity) show(...entityPanel(state.entity));
  else if (state.frame?.edges.size) show(...framePanel(state.frame));
  else {
    fillIntro();
    show(intro);
  }
  const list = queue;
  afterFrame(() => fillNext(list));
}
