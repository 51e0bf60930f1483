// The fragment of the address holds the state of the page. It names only what differs from a fresh
// page; ids and values that the page does not have are ignored.

function writeHash() {
  const parts = new URLSearchParams();
  if (state.tie) parts.set("tie", state.tie);
  if (state.frame?.edges.size) parts.set("ties", [...state.frame.edges].join(" "));
  if (state.path) parts.set("path", `${state.path.from}/${state.path.to}`);
  if (state.entity && state.entity !== data.focus) parts.set("entity", state.entity);
  if (!state.tie && !state.path && !state.entity && !state.frame && data.focus) parts.set("entity", "");
  if (state.hiddenTypes.size) parts.set("without", [...state.hiddenTypes].sort().join(" "));
  if (state.hiddenStatuses.size) parts.set("hide", [...state.hiddenStatuses].sort().join(" "));
  if (state.hiddenRelations.size) {
    const visibleNames = data.relations.filter((name) => !state.hiddenRelations.has(name));
    parts.set("only", visibleNames.join(" "));
  }
  if (state.out.size) parts.set("out", [...state.out].sort().join("|"));
  writeYears(parts);
  if (state.view !== "graph") parts.set("view", state.view);
  if (state.moved.size) parts.set("moved", writeMoved());
  if (viewMoved) parts.set("at", writeView());
  return String(parts);
}

// Slashes and commas need no escape in a fragment, and people read addresses.
function readable(hash) {
  return hash.replaceAll("%2F", "/").replaceAll("%2C", ",");
}

function remember(how) {
  const hash = readable(writeHash());
  if (!inNotebook && hash !== location.hash.slice(1)) {
    history[`${how}State`](null, "", hash ? `#${hash}` : location.pathname + location.search);
  }
  document.getElementById("open").href = address((url) => url.searchParams.delete("embed"));
}

// The centre of the picture and the zoom.
function writeView() {
  const { x, y } = network.getViewPosition();
  return `${Math.round(x)},${Math.round(y)},${network.getScale().toFixed(2)}`;
}

function readView(text) {
  const [, x, y, scale] = /^(-?\d{1,5}),(-?\d{1,5}),(\d\.\d\d)$/.exec(text ?? "") ?? [];
  if (!(scale >= FARTHEST && scale <= NEAREST)) return false;
  look({ x: Number(x), y: Number(y) }, Number(scale), false);
  return true;
}

const writeMoved = () => [...state.moved].map(([id, { x, y }]) => `${id},${x},${y}`).join(" ");

// What is not in the address goes back to where the page has it.
function readMoved(text) {
  const moved = new Map();
  for (const part of (text ?? "").split(" ")) {
    const [, id, x, y] = /^(.+),(-?\d{1,5}),(-?\d{1,5})$/.exec(part) ?? [];
    if (nodes.has(id)) moved.set(id, { x: Number(x), y: Number(y) });
  }
  for (const id of new Set([...state.moved.keys(), ...moved.keys()])) {
    const { x, y } = moved.get(id) ?? nodes.get(id);
    network.moveNode(id, x, y);
  }
  state.moved = moved;
}

function readPath(text) {
  const [from, to, more] = (text ?? "").split("/");
  const valid = visible.nodes.has(from) && visible.nodes.has(to) && from !== to;
  return valid && more === undefined ? { from, to } : null;
}

function readHash() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const readSet = (name, allowed) =>
    new Set((parts.get(name) ?? "").split(" ").filter((word) => allowed.has(word)));
  state.hiddenTypes = readSet("without", new Set(boxes.map((b) => b.dataset.type)));
  state.hiddenStatuses = readSet("hide", new Set(boxes.map((b) => b.dataset.status)));
  const only = readSet("only", new Set(data.relations));
  state.hiddenRelations = new Set(parts.has("only") ? data.relations.filter((name) => !only.has(name)) : []);
  state.out = new Set((parts.get("out") ?? "").split("|").filter((id) => speakers.has(id)));
  readYears(parts);
  readMoved(parts.get("moved"));
  applyFilters();
  checkBoxes();
  const views = [...document.querySelectorAll("[data-view][aria-pressed]")].map((b) => b.dataset.view);
  setView(views.includes(parts.get("view")) ? parts.get("view") : "graph");
  const tie = visible.edges.has(parts.get("tie")) ? parts.get("tie") : null;
  const path = tie ? null : readPath(parts.get("path"));
  const marked = tie || path ? null : frameOfTies((parts.get("ties") ?? "").split(" "));
  const entity = parts.get("entity") ?? (marked ? null : data.focus);
  select({ tie, path, entity: !tie && !path && visible.nodes.has(entity) ? entity : null }, null);
  if (marked && !state.entity) {
    state.frame = marked;
    refresh();
  }
  viewMoved = readView(parts.get("at"));
  if (!viewMoved) lookAtStart();
  clearOfSheet();
}

// Connections as a frame; null where this page has none of them.
function frameOfTies(ids) {
  const ties = ids.filter((id) => visible.edges.has(id));
  const ends = ties.flatMap((id) => [edges.get(id).from, edges.get(id).to]);
  return ties.length ? { nodes: new Set(ends), edges: new Set(ties) } : null;
}

// A path is an object: two are the same when their ends are.
function sameSelection({ entity, tie, path }) {
  const ends = (ofPath) => ofPath && `${ofPath.from}/${ofPath.to}`;
  return entity === state.entity && tie === state.tie && ends(path) === ends(state.path);
}
