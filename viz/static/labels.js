// Names on the canvas: as large on the screen at any zoom, two lines at most, and never one over
// another. Who comes first is placed first; who finds no room is hidden until there is some.

const LETTERS = 22;
const LONGEST = 80;
const FACE = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const HALO = 4;

// Break into two lines near the middle, at a space where there is one; the rest is cut with "…".
function lines(text) {
  const letters = [...text.slice(0, LONGEST)];
  if (letters.length <= LETTERS && text.length <= LONGEST) return [text];
  const words = letters.join("").split(" ");
  const found = [""];
  for (const word of words) {
    const longer = found.at(-1) ? `${found.at(-1)} ${word}` : word;
    if ([...longer].length <= LETTERS || !found.at(-1)) found.splice(-1, 1, longer);
    else found.push(word);
  }
  const kept = found.slice(0, 2).map((line) => [...line].slice(0, LETTERS).join(""));
  const cut = found.length > 2 || text.length > LONGEST || found.some((l) => [...l].length > LETTERS);
  if (cut) kept[kept.length - 1] += "…";
  return kept;
}

const wrapped = new Map(data.nodes.map((node) => [node.id, lines(node.label)]));
const byDegree = [...data.nodes].sort(
  (a, b) => b.size - a.size || (a.id < b.id ? -1 : 1),
);

function labelOrder() {
  const weight = (node) =>
    (node.id === state.entity || node.id === state.cursor ? 8 : 0) +
    (bright?.nodes.has(node.id) ? 4 : 0) +
    (node.id === data.focus ? 2 : 0);
  return byDegree
    .filter((node) => shown.nodes.has(node.id) && (!bright || bright.nodes.has(node.id)))
    .sort((a, b) => weight(b) - weight(a));
}

function overlaps(a, b) {
  return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
}

function boxAt(x, top, width, height) {
  return { left: x - width / 2, right: x + width / 2, top, bottom: top + height };
}

// Below, then above, then to either side.
function candidates(place, radius, width, height, gap) {
  const middle = place.y - height / 2;
  const aside = radius + gap + width / 2;
  return [
    boxAt(place.x, place.y + radius + gap, width, height),
    boxAt(place.x, place.y - radius - gap - height, width, height),
    boxAt(place.x + aside, middle, width, height),
    boxAt(place.x - aside, middle, width, height),
  ];
}

// About how large a label is on the screen.
function labelSize(id) {
  const text = wrapped.get(id);
  return { width: Math.max(...text.map((line) => line.length)) * 6.6, height: text.length * 14 + 3 };
}

function font(size, bold) {
  return `${bold ? "600 " : ""}${size}px ${FACE}`;
}

// What of the picture is in sight.
function sight(scale) {
  const { x, y } = network.getViewPosition();
  const [width, height] = [canvas.clientWidth / scale, canvas.clientHeight / scale];
  return boxAt(x, y - height / 2, width, height);
}

// What floats over the canvas, in the picture's own coordinates.
const floating = [...document.querySelectorAll(".count, .key, .zoom")];
function covered() {
  const frame = canvas.getBoundingClientRect();
  return floating.map((part) => {
    const { left, top, right, bottom } = part.getBoundingClientRect();
    const from = network.DOMtoCanvas({ x: left - frame.left, y: top - frame.top });
    const to = network.DOMtoCanvas({ x: right - frame.left, y: bottom - frame.top });
    return { left: from.x, top: from.y, right: to.x, bottom: to.y };
  });
}

// A label of a node in sight is whole or not there.
function inside(box, view, place) {
  if (!overlaps(view, boxAt(place.x, place.y, 1, 1))) return true;
  return box.left > view.left && box.right < view.right && box.top > view.top && box.bottom < view.bottom;
}

function placeLabels(ctx) {
  const scale = network.getScale();
  const places = network.getPositions();
  const size = Math.min(Math.max(12 * scale, 11.5), 14) / scale;
  const taken = data.nodes
    .filter((node) => shown.nodes.has(node.id) && (!bright || bright.nodes.has(node.id)))
    .map((node) => {
      const radius = node.size * 0.85;
      return { id: node.id, ...boxAt(places[node.id].x, places[node.id].y - radius, 2 * radius, 2 * radius) };
    });
  taken.push(...covered());
  const view = sight(scale);
  const found = [];
  for (const node of labelOrder()) {
    const bold = node.id === state.entity;
    ctx.font = font(size, bold);
    const text = wrapped.get(node.id);
    const width = Math.max(...text.map((line) => ctx.measureText(line).width));
    const height = text.length * size * 1.15;
    const free = candidates(places[node.id], node.size, width, height, 3 / scale).find((box) =>
      inside(box, view, places[node.id]) &&
      taken.every((other) => other.id === node.id || !overlaps(box, other)),
    );
    if (!free) continue;
    taken.push(free);
    found.push({ text, box: free, size, bold });
  }
  return found;
}

function write(ctx, text, x, y) {
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
}

function pen(ctx, scale) {
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.lineJoin = "round";
  ctx.lineWidth = HALO / scale;
  ctx.strokeStyle = colours.paper;
  ctx.fillStyle = colours.ink;
}

// The only label on a line: the selected one's.
function writeEdge(ctx, scale) {
  const edge = edges.get(state.tie);
  if (!edge || !shown.edges.has(edge.id)) return;
  const middle = network.body.edges[edge.id].edgeType.getPoint(0.5);
  ctx.font = font(12 / scale, true);
  ctx.fillStyle = colours.marked;
  write(ctx, edge.label, middle.x, middle.y - 5 / scale);
}

let labelled = [];
network.on("afterDrawing", (ctx) => {
  const scale = network.getScale();
  ctx.save();
  pen(ctx, scale);
  labelled = placeLabels(ctx);
  for (const { text, box, size, bold } of labelled) {
    ctx.font = font(size, bold);
    text.forEach((line, i) => {
      write(ctx, line, (box.left + box.right) / 2, box.top + size * (0.93 + 1.15 * i));
    });
  }
  writeEdge(ctx, scale);
  ctx.restore();
});
