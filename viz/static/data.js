// The page's data: the data block, the server-rendered evidence, and the state that a reader sets.
// Texts reach the document through textContent and clones only.

const data = JSON.parse(document.getElementById("data").textContent);
const table = document.getElementById("table");
// The table and the evidence below it.
const evidence = parsedPart(table.querySelector(":scope > noscript"));
const rowList = evidence.querySelector("#rows");
const tableRows = [...(rowList?.children ?? [])];
// Edges come in the order of the table's rows and take their keys from there.
const PLAIN_NODE = { lang: "en" };
const PLAIN_EDGE = { first: null, last: null, disputed: false, possibly: false, reading: false, bend: 0 };
data.nodes = data.nodes.map((node) => ({ ...PLAIN_NODE, ...node, label: node.names[0] }));
data.edges = data.edges.map((edge, i) => {
  const id = tableRows[i].dataset.tie;
  const [from, type, to] = id.split("/");
  const [verb, marks] = tableRows[i].querySelector(".relation").children;
  const words = { label: verb.textContent, inverse: tableRows[i].dataset.inverse };
  const symmetric = data.symmetric.includes(type);
  return { ...PLAIN_EDGE, ...words, type, marks: marks?.textContent ?? "", symmetric, ...edge, id, from, to };
});
const nodes = new Map(data.nodes.map((node) => [node.id, node]));
const edges = new Map(data.edges.map((edge) => [edge.id, edge]));

const edgesOf = new Map(data.nodes.map((node) => [node.id, []]));
for (const edge of data.edges) {
  edgesOf.get(edge.from).push(edge);
  edgesOf.get(edge.to).push(edge);
}

const byKey = (list, key) => new Map([...list].map((item) => [item.dataset[key], item]));
const rows = byKey(tableRows, "tie");
const notes = byKey(evidence.querySelectorAll("#entities > .entity"), "entity");
// The cards of claims stand below the table; those of a source's page among its own claims.
const cardsOfPage = (selector) => {
  const closedParts = [...document.querySelectorAll(".flow noscript")].map(parsedPart);
  return [evidence, ...document.querySelectorAll(".flow"), ...closedParts].flatMap((part) => [
    ...part.querySelectorAll(selector),
  ]);
};
const otherCards = cardsOfPage("div[data-entities]");

// The selection is an entity, a tie, a path or a frame (a part of the picture, as a story frames it),
// never two of them. cursor: the entity that the keyboard is at on the canvas.
const state = {
  entity: null,
  tie: null,
  path: null,
  frame: null,
  cursor: null,
  view: "graph",
  hiddenTypes: new Set(),
  hiddenStatuses: new Set(),
  hiddenRelations: new Set(),
  // Sources that are taken out: ids of documents and speakers, and publishers.
  out: new Set(),
  from: -Infinity,
  to: Infinity,
  // On a picture of one day, what has no date is off until it is asked for.
  undated: data.undated,
  // Entities that a reader has put elsewhere, by id.
  moved: new Map(),
};
const visible = { nodes: new Set(nodes.keys()), edges: new Set(edges.keys()) };

// What is left of each connection without the sources that are taken out: "falls", "weaker" or "stands".
const fates = new Map();

const root = document.documentElement;
const canvas = document.getElementById("canvas");
const panel = document.getElementById("panel");
const narrow = matchMedia("(max-width: 800px)");
const still = matchMedia("(prefers-reduced-motion: reduce)");

function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function nameOf(id, tag = "strong") {
  const name = element(tag, "", nodes.get(id).label);
  name.lang = nodes.get(id).lang;
  name.dir = "auto";
  return name;
}

// Screen readers announce it.
function announce(text) {
  document.getElementById("status").textContent = text;
}

// A page in a notebook's iframe has no address of its own; its base is the page it came from.
const inNotebook = location.protocol === "about:";

// An address of this page with one thing changed.
function address(change) {
  const url = new URL(inNotebook ? document.baseURI : location.href);
  change(url);
  return url.href;
}

// The nodes and edges of the selection and its neighbours; null when nothing is selected.
function highlight() {
  if (state.frame) return state.frame;
  if (state.tie) {
    const edge = edges.get(state.tie);
    return { nodes: new Set([edge.from, edge.to]), edges: new Set([edge.id]) };
  }
  if (state.path) {
    const chain = chainOf(state.path);
    const ends = [state.path.from, state.path.to];
    return {
      nodes: new Set([...ends, ...chain.flatMap((edge) => [edge.from, edge.to])]),
      edges: new Set(chain.map((edge) => edge.id)),
    };
  }
  if (!state.entity) return null;
  const around = { nodes: new Set([state.entity]), edges: new Set() };
  for (const edge of edgesOf.get(state.entity)) {
    if (!visible.edges.has(edge.id)) continue;
    around.nodes.add(edge.from).add(edge.to);
    around.edges.add(edge.id);
  }
  return around;
}
