// Names on the canvas: as large on the screen at any zoom, two lines at most, and never one over
// another. Who comes first is placed first; who finds no room is hidden until there is some.

const LETTERS = 22;
const LONGEST = 80;
const FACE = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const HALO = 4;

// East Asian letters are about twice as wide.
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]|[\u{20000}-\u{3fffd}]/u;
const widthOf = (text) => [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? 1.9 : 1), 0);

// Break at spaces; a word that is wider than a line is broken where the line is full.
function lines(text) {
  const found = [""];
  for (const word of pieces([...text].slice(0, LONGEST).join(""))) {
    const longer = found.at(-1) + word;
    if (widthOf(longer.trimEnd()) <= LETTERS || !found.at(-1)) found[found.length - 1] = longer;
    else found.push(word);
  }
  const kept = found.slice(0, 2).map((line) => line.trim());
  if (found.length > 2 || text.length > LONGEST) kept[kept.length - 1] += "…";
  return kept;
}

// Words with the space after them, none wider than a line.
function pieces(text) {
  return text.split(/(?<= )/).flatMap((word) => {
    const parts = [""];
    for (const letter of word) {
      if (letter !== " " && widthOf(parts.at(-1) + letter) > LETTERS) parts.push("");
      parts[parts.length - 1] += letter;
    }
    return parts;
  });
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
  return { width: Math.max(...text.map(widthOf)) * 6.6, height: text.length * 14 + 3 };
}

// How wide a line is written at 100 px: measured once, since every drawing asks for all of them.
const widths = new Map();
function widthAt100(ctx, line, bold) {
  const key = `${bold} ${line}`;
  if (!widths.has(key)) {
    ctx.font = font(100, bold);
    widths.set(key, ctx.measureText(line).width);
  }
  return widths.get(key);
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

// The only lines with a label: the one that is selected, or those of a path.
function labelledEdges() {
  const chosen = state.path ? [...bright.edges] : [state.tie];
  return chosen.filter((id) => shown.edges.has(id)).map((id) => edges.get(id));
}

function edgeLabel(ctx, edge, scale) {
  const middle = network.body.edges[edge.id].edgeType.getPoint(0.5);
  const [size, y] = [12 / scale, middle.y - 5 / scale];
  ctx.font = font(size, true);
  const box = boxAt(middle.x, y - size, ctx.measureText(edge.label).width, 1.2 * size);
  return { text: edge.label, x: middle.x, y, size, box };
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
  taken.push(...covered(), ...edgeLabels.map((label) => label.box));
  const view = sight(scale);
  const found = [];
  for (const node of labelOrder()) {
    const bold = node.id === state.entity;
    const text = wrapped.get(node.id);
    const width = (Math.max(...text.map((line) => widthAt100(ctx, line, bold))) * size) / 100;
    const height = text.length * size * 1.15;
    const radius = node.size + (isMarked(node.id) ? 6 : 0);
    const free = candidates(places[node.id], radius, width, height, 3 / scale).find((box) =>
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

let labelled = [];
let edgeLabels = [];
network.on("afterDrawing", (ctx) => {
  const scale = network.getScale();
  ctx.save();
  pen(ctx, scale);
  edgeLabels = labelledEdges().map((edge) => edgeLabel(ctx, edge, scale));
  labelled = placeLabels(ctx);
  for (const { text, box, size, bold } of labelled) {
    ctx.font = font(size, bold);
    text.forEach((line, i) => {
      write(ctx, line, (box.left + box.right) / 2, box.top + size * (0.93 + 1.15 * i));
    });
  }
  ctx.fillStyle = colours.marked;
  for (const { text, x, y, size } of edgeLabels) {
    ctx.font = font(size, true);
    write(ctx, text, x, y);
  }
  ctx.restore();
});
