// Everything together: what is selected, and the buttons.

// Select an entity, a tie, a path or nothing; the address keeps it, and Back undoes it.
function select({ entity = null, tie = null, path = null }, keep = "push") {
  const changed = !sameSelection({ entity, tie, path });
  Object.assign(state, { entity, tie, path, frame: null });
  if (entity) state.cursor = entity;
  refresh();
  if (!changed) return;
  if (keep) remember(keep);
  tell();
}

function tell() {
  const edge = edges.get(state.tie);
  if (edge) say(`${nodes.get(edge.from).label} ${edge.label} ${nodes.get(edge.to).label}: evidence opened`);
  else if (state.path) say(`Path: ${panel.querySelector(".caution").textContent}`);
  else if (state.entity) say(`${nodes.get(state.entity).label}: evidence opened`);
  else say("Nothing selected");
}

// At first at once. Later the panel is painted before the picture, which takes longer.
let redraw = restyle;

function refresh() {
  bright = lit();
  fillPanel();
  showPath();
  redraw();
  // On the panel alone: a class of the body would have the browser look at the whole page again.
  panel.classList.toggle("idle", !bright);
  for (const [id, row] of rows) row.classList.toggle("chosen", id === state.tie);
}

function setView(view) {
  state.view = view;
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-view][aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
}

function lookAtStart() {
  if (state.path || state.frame?.nodes.size) return fit([...bright.nodes], false);
  const main = state.entity ?? edges.get(state.tie)?.from ?? data.focus ?? byDegree[0]?.id;
  const whole = !narrow.matches || !main || shown.nodes.size <= 8;
  if (whole) return fit([...shown.nodes], false);
  // A small screen starts on the main entity, near enough to tell what is around it.
  fit(neighbourhood(main), false);
  if (network.getScale() < 0.75) look(network.getPositions([main])[main], 0.75, false);
}

function neighbourhood(id) {
  return [...new Set([id, ...edgesOf.get(id).flatMap((edge) => [edge.from, edge.to])])];
}

network.on("click", ({ pointer }) => {
  const at = network.getNodeAt(pointer.DOM);
  const entity = shown.nodes.has(at) ? at : null;
  const over = entity ? null : network.getEdgeAt(pointer.DOM);
  select({ entity, tie: shown.edges.has(over) ? over : null });
});

document.getElementById("rows")?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link && !link.hash.startsWith("#c")) return;
  // A claim is read in the panel; the link leads to it where there is no script.
  event.preventDefault();
  select({ tie: event.target.closest("tr").dataset.tie });
  if (link) panel.focus();
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
document.querySelector("[data-go]").addEventListener("click", (event) => {
  event.preventDefault();
  setView("table");
  document.getElementById("table").focus();
});

for (const button of document.querySelectorAll("#reset, [data-reset]")) {
  button.addEventListener("click", () => {
    clearFilters();
    select({ entity: data.focus });
    lookAtStart();
    remember("replace");
    say(document.getElementById("count").textContent);
  });
}
root.addEventListener("sightlines-theme", repaint);

// Where the picture was moved to is part of what is seen.
let resting;
function onMove() {
  moved = true;
  clearTimeout(resting);
  resting = setTimeout(() => remember("replace"), 400);
}
network.on("dragEnd", onMove);
network.on("zoom", onMove);

addEventListener("popstate", readHash);
// vis puts its own idea of the view back after it has told of a new size.
network.on("resize", () => requestAnimationFrame(() => moved || lookAtStart()));
readHash();
redraw = () => requestAnimationFrame(() => setTimeout(restyle));
remember("replace");

// For the console and for tests: where things stand and what is drawn.
window.sightlines = { network, state, shown, labels: () => labelled.map((l) => l.text.join(" ")) };
