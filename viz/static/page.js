// The selection, the buttons, and the start of the page.

// Select an entity, a tie, a path or nothing. The address records it, and Back undoes it.
function select({ entity = null, tie = null, path = null }, historyMethod = "push") {
  const changed = !sameSelection({ entity, tie, path });
  Object.assign(state, { entity, tie, path, frame: null });
  if (entity) state.cursor = entity;
  refresh();
  if (!changed) return;
  if (historyMethod) remember(historyMethod);
  if (historyMethod) {
    // A small screen has no room for both names of a short line.
    if (narrow.matches && state.tie) fit([...highlighted.nodes]);
    clearOfSheet();
  }
  announceSelection();
}

// On a small screen the evidence lies over the foot of the window: what it is of moves above it.
function clearOfSheet() {
  const id = state.entity ?? edges.get(state.tie)?.from;
  if (!narrow.matches || !id || getComputedStyle(panel).position !== "fixed") return;
  const { y } = network.canvasToDOM(network.getPositions([id])[id]);
  const top = canvas.getBoundingClientRect().top + y;
  const room = innerHeight - panel.offsetHeight;
  if (top < 0 || top > room - 40) scrollBy({ top: top - room / 2, behavior: "instant" });
}

function announceSelection() {
  const edge = edges.get(state.tie);
  const opened = (name) => announce(t("%(name)s: evidence opened", { name }));
  if (edge) opened(sentenceText(edge));
  else if (state.path) announce(t("Path: %(text)s", { text: panel.querySelector(".caution").textContent }));
  else if (state.entity) opened(nodes.get(state.entity).label);
  else announce(t("Nothing selected"));
}

// The first time at once. Later the panel is painted before the picture, which takes longer.
let redraw = restyle;

if (!document.getElementById("lines")) document.querySelector('[data-view="lines"]').remove();
const supplyLines = document.querySelectorAll("#lines a[data-tie]");

function refresh() {
  highlighted = highlight();
  fillPanel();
  showPath();
  redraw();
  // On the panel alone: a class on the body would make the browser restyle the whole page.
  panel.classList.toggle("idle", !highlighted);
  for (const [id, row] of rows) {
    row.classList.toggle("chosen", id === state.tie);
    row.classList.toggle("fallen", fates.get(id) === "falls");
  }
  for (const line of supplyLines) {
    line.classList.toggle("chosen", highlighted?.edges.has(line.dataset.tie) ?? false);
    line.classList.toggle("off", !visible.edges.has(line.dataset.tie));
    line.classList.toggle("fallen", fates.get(line.dataset.tie) === "falls");
  }
}

function setView(view) {
  state.view = view;
  document.body.dataset.view = view;
  if (view === "table") loadParts(table);
  for (const button of document.querySelectorAll("[data-view][aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
}

function lookAtStart() {
  if (state.path || state.frame?.nodes.size || (narrow.matches && state.tie)) return fit([...highlighted.nodes], false);
  const main = state.entity ?? edges.get(state.tie)?.from ?? data.focus ?? byDegree[0]?.id;
  const whole = !narrow.matches || !main || visible.nodes.size <= 8;
  if (whole) return fit([...visible.nodes], false);
  // A small screen starts on the main entity, close enough to read its neighbours.
  fit(neighbourhood(main), false);
  if (network.getScale() < 0.75) look(network.getPositions([main])[main], 0.75, false);
}

function neighbourhood(id) {
  return [...new Set([id, ...edgesOf.get(id).flatMap((edge) => [edge.from, edge.to])])];
}

network.on("click", ({ pointer }) => {
  if (menuPress) return;
  const at = network.getNodeAt(pointer.DOM);
  const entity = visible.nodes.has(at) ? at : null;
  const over = entity ? null : network.getEdgeAt(pointer.DOM);
  select({ entity, tie: visible.edges.has(over) ? over : null });
});

network.on("doubleClick", ({ pointer }) => {
  const link = notes.get(network.getNodeAt(pointer.DOM))?.querySelector(".expand");
  if (link) location.assign(expansion(link));
});

rowList?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link && !link.hash.startsWith("#c")) return;
  // The panel shows the claim; the link is for pages without scripts.
  event.preventDefault();
  select({ tie: event.target.closest("tr").dataset.tie });
  if (link) panel.focus();
});
document.getElementById("lines")?.addEventListener("click", (event) => {
  const { tie, entity } = event.target.closest("[data-tie], [data-entity]")?.dataset ?? {};
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!visible.edges.has(tie) && !visible.nodes.has(entity)) return;
  // The panel shows the claims; the link is for pages without scripts.
  event.preventDefault();
  select(tie ? { tie } : { entity });
});
for (const button of document.querySelectorAll("[data-view][aria-pressed]")) {
  button.addEventListener("click", () => {
    setView(button.dataset.view);
    remember("replace");
  });
}
const zooms = { in: () => zoomBy(1.3), out: () => zoomBy(1 / 1.3), fit: fitAll };
for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", zooms[button.dataset.zoom]);
}
for (const skip of document.querySelectorAll("[data-go]")) {
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    const part = skip.dataset.go;
    if (part !== "panel") setView(part === "table" ? "table" : "graph");
    document.getElementById(part).focus();
  });
}

for (const button of document.querySelectorAll("#reset, [data-reset]")) {
  button.addEventListener("click", () => {
    clearFilters();
    readMoved("");
    select({ entity: data.focus });
    lookAtStart();
    remember("replace");
    announce(document.getElementById("count").textContent);
  });
}
root.addEventListener("sightlines-theme", repaint);

// The position of the picture is part of the page's state.
let resting;
function onMove() {
  viewMoved = true;
  clearTimeout(resting);
  resting = setTimeout(() => remember("replace"), 400);
}
// Where a reader has put an entity is a step back in the history, and goes with the link.
network.on("dragEnd", ({ nodes: ids }) => {
  if (!ids.length) return onMove();
  for (const id of ids) {
    const { x, y } = network.getPositions([id])[id];
    state.moved.set(id, { x: Math.round(x), y: Math.round(y) });
  }
  remember("push");
});
network.on("zoom", onMove);

addEventListener("popstate", readHash);
// vis restores its own view after it reports a new size.
network.on("resize", () => requestAnimationFrame(() => viewMoved || lookAtStart()));
readHash();
redraw = () => requestAnimationFrame(() => setTimeout(restyle));
remember("replace");

// For the console and for tests.
window.sightlines = { network, state, visible, labels: () => labels.map((label) => label.lines.join(" ")) };
