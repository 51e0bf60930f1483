// The canvas by keyboard: arrows walk to the next entity that way, Enter opens, Escape clears.

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The nearest shown entity within 60 degrees of the way; what lies aside counts double.
function neighbour(id, [dx, dy]) {
  const places = network.getPositions();
  const here = places[id];
  let best = null;
  for (const other of shown.nodes) {
    const [x, y] = [places[other].x - here.x, places[other].y - here.y];
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    const cost = along + 2 * aside;
    if (other !== id && along > 0 && aside <= 1.75 * along && (!best || cost < best.cost)) {
      best = { id: other, cost };
    }
  }
  return best?.id ?? id;
}

function start() {
  const wanted = [state.entity, edges.get(state.tie)?.from, data.focus, byDegree[0]?.id];
  return wanted.find((id) => id && shown.nodes.has(id)) ?? [...shown.nodes][0] ?? null;
}

function walk(way) {
  const here = shown.nodes.has(state.cursor) ? state.cursor : null;
  state.cursor = here ? neighbour(here, way) : start();
  if (!state.cursor) return;
  keepInSight(state.cursor);
  const { label, type } = nodes.get(state.cursor);
  const ties = edgesOf.get(state.cursor).filter((edge) => shown.edges.has(edge.id)).length;
  say(`${label}, ${data.types[type].label}, ${count(ties, "connection", "connections")}`);
  network.redraw();
}

function keepInSight(id) {
  const { x, y } = network.canvasToDOM(network.getPositions([id])[id]);
  const inside = x > 40 && y > 40 && x < canvas.clientWidth - 40 && y < canvas.clientHeight - 40;
  if (!inside) look(network.getPositions([id])[id], network.getScale(), true);
}

// The first Enter opens the evidence, the second goes there.
function openCursor() {
  const id = shown.nodes.has(state.cursor) ? state.cursor : start();
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
  const act = canvasKeys[event.key] ?? (WAYS[event.key] && (() => walk(WAYS[event.key])));
  if (!act) return;
  event.preventDefault();
  act();
});
for (const name of ["focus", "blur"]) canvas.addEventListener(name, () => network.redraw());
panel.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  select({});
  canvas.focus({ preventScroll: true });
});
