// The canvas by keyboard: arrows walk to the next entity that way, Enter opens, Escape clears.

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The nearest visible entity within 60 degrees of the direction; distance to the side counts double.
function neighbour(id, [dx, dy]) {
  const positions = network.getPositions();
  const here = positions[id];
  let best = null;
  for (const other of visible.nodes) {
    const [x, y] = [positions[other].x - here.x, positions[other].y - here.y];
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    const cost = along + 2 * aside;
    if (other !== id && along > 0 && aside <= 1.75 * along && (!best || cost < best.cost)) {
      best = { id: other, cost };
    }
  }
  return best?.id ?? id;
}

function startEntity() {
  const starts = [state.entity, edges.get(state.tie)?.from, data.focus, byDegree[0]?.id];
  return starts.find((id) => id && visible.nodes.has(id)) ?? [...visible.nodes][0] ?? null;
}

function walk(direction) {
  const here = visible.nodes.has(state.cursor) ? state.cursor : null;
  state.cursor = here ? neighbour(here, direction) : startEntity();
  if (!state.cursor) return;
  scrollIntoView(state.cursor);
  const { label, type } = nodes.get(state.cursor);
  const ties = edgesOf.get(state.cursor).filter((edge) => visible.edges.has(edge.id)).length;
  announce(`${label}, ${data.types[type]}, ${count(ties, "%(num)s connection", "%(num)s connections")}`);
  network.redraw();
}

function scrollIntoView(id) {
  const { x, y } = network.canvasToDOM(network.getPositions([id])[id]);
  const inView = x > 40 && y > 40 && x < canvas.clientWidth - 40 && y < canvas.clientHeight - 40;
  if (!inView) look(network.getPositions([id])[id], network.getScale(), true);
}

// The first Enter opens the evidence, the second moves the focus there.
function openCursor() {
  const id = visible.nodes.has(state.cursor) ? state.cursor : startEntity();
  if (!id) return;
  if (state.entity === id) panel.focus();
  else select({ entity: id });
}

const canvasKeys = {
  Enter: openCursor,
  Escape: () => select({}),
  "+": () => zoomBy(1.3),
  "=": () => zoomBy(1.3),
  "-": () => zoomBy(1 / 1.3),
  0: fitAll,
};
canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = canvasKeys[event.key] ?? (DIRECTIONS[event.key] && (() => walk(DIRECTIONS[event.key])));
  if (!act) return;
  event.preventDefault();
  act();
});
for (const name of ["focus", "blur"]) canvas.addEventListener(name, () => network.redraw());
panel.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  // What was opened last is closed first: a citation leaves the selection that it is of.
  if (panel.querySelector("[data-back]")) {
    refresh();
    panel.focus();
    return;
  }
  select({});
  canvas.focus({ preventScroll: true });
});
