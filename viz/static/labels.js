// Labels on the canvas: the same size on the screen at any zoom, at most two lines, never overlapping.
// The most important are placed first; a label without room is hidden until there is some.

const LETTERS = 22;
const LONGEST = 80;
const FACE = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const HALO = 4;
// The height of a line, in parts of the font size.
const LEADING = 1.15;

// East Asian letters are about twice as wide.
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]|[\u{20000}-\u{3fffd}]/u;
const widthOf = (text) => [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? 1.9 : 1), 0);

// Break at spaces; a word that is wider than a line is broken where the line is full.
function wrapLabel(text) {
  const lines = [""];
  for (const word of pieces([...text].slice(0, LONGEST).join(""))) {
    const longer = lines.at(-1) + word;
    if (widthOf(longer.trimEnd()) <= LETTERS || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const firstTwo = lines.slice(0, 2).map((line) => line.trim());
  if (lines.length > 2 || text.length > LONGEST) firstTwo[firstTwo.length - 1] += "…";
  return firstTwo;
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

const labelLines = new Map(data.nodes.map((node) => [node.id, wrapLabel(node.label)]));
const byDegree = [...data.nodes].sort(
  (a, b) => b.size - a.size || (a.id < b.id ? -1 : 1),
);

function labelOrder() {
  const weight = (node) =>
    (node.id === state.entity || node.id === state.cursor ? 8 : 0) +
    (highlighted?.nodes.has(node.id) ? 4 : 0) +
    (node.id === data.focus ? 2 : 0);
  return byDegree
    .filter((node) => visible.nodes.has(node.id) && (!highlighted || highlighted.nodes.has(node.id)))
    .sort((a, b) => weight(b) - weight(a));
}

function overlaps(a, b) {
  return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
}

function boxAt(x, top, width, height) {
  return { left: x - width / 2, right: x + width / 2, top, bottom: top + height };
}

// Below, then above, then to either side, level or aslant.
function candidates({ x, y }, radius, width, height, gap) {
  const middle = y - height / 2;
  const aside = radius + gap + width / 2;
  return [
    boxAt(x, y + radius + gap, width, height),
    boxAt(x, y - radius - gap - height, width, height),
    boxAt(x + aside, middle, width, height),
    boxAt(x - aside, middle, width, height),
    boxAt(x + aside, y, width, height),
    boxAt(x - aside, y, width, height),
    boxAt(x + aside, y - height, width, height),
    boxAt(x - aside, y - height, width, height),
  ];
}

// The approximate size of a label on the screen.
function labelSize(id) {
  const lines = labelLines.get(id);
  return { width: Math.max(...lines.map(widthOf)) * 6.6, height: lines.length * 14 + 3 };
}

// The width of a line at 100 px: measured once, since every drawing needs all of them.
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

// The part of the picture that the canvas shows, but for a margin that labels keep free.
function viewport(scale) {
  const { x, y } = network.getViewPosition();
  const [width, height] = [(canvas.clientWidth - 12) / scale, (canvas.clientHeight - 12) / scale];
  return boxAt(x, y - height / 2, width, height);
}

// The controls that float over the canvas, in the picture's own coordinates.
const floating = [...document.querySelectorAll(".count, .key, .zoom")];
function floatingBoxes() {
  const frame = canvas.getBoundingClientRect();
  return floating.map((part) => {
    const { left, top, right, bottom } = part.getBoundingClientRect();
    const from = network.DOMtoCanvas({ x: left - frame.left, y: top - frame.top });
    const to = network.DOMtoCanvas({ x: right - frame.left, y: bottom - frame.top });
    return { left: from.x, top: from.y, right: to.x, bottom: to.y };
  });
}

const middleOf = ({ left, right, top, bottom }) => ({ x: (left + right) / 2, y: (top + bottom) / 2 });

// The label of a node inside the view must be whole.
function isWhole(box, view, position) {
  if (!overlaps(view, boxAt(position.x, position.y, 1, 1))) return true;
  return box.left > view.left && box.right < view.right && box.top > view.top && box.bottom < view.bottom;
}

// The lines that have their verb: those that are lit; of a hub, its supplies and uses alone.
const MOST_VERBS = 12;
function verbEdges() {
  const lit = data.edges.filter((edge) => visible.edges.has(edge.id) && highlighted?.edges.has(edge.id));
  return lit.length > MOST_VERBS ? lit.filter((edge) => supplyTypes.has(edge.type)) : lit;
}

// The sign of a reading of the editors, as on supply lines.
const READING = "○";
// Of one connection or a path, each line has its verb, wherever there is most room.
const isChosen = () => Boolean(state.tie || state.path);

// On the line or beside it, where nothing else is.
const ALONG = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];
function edgeLabels(ctx, scale, taken) {
  const size = 12 / scale;
  ctx.font = font(size, true);
  const view = viewport(scale);
  const result = [];
  for (const edge of verbEdges()) {
    const text = edge.reading ? `${edge.label} ${READING}` : edge.label;
    const width = ctx.measureText(text).width + 6 / scale;
    const places = ALONG.flatMap((part) => {
      const { x, y } = network.body.edges[edge.id].edgeType.getPoint(part);
      const top = y - 0.65 * size;
      const beside = [[0, 0], [0, -1.4 * size], [0, 1.4 * size], [width / 2, -0.8 * size], [-width / 2, 0.8 * size]];
      return beside.map(([right, down]) => boxAt(x + right, top + down, width, 1.3 * size));
    });
    const others = [...taken, ...result.map((label) => label.box)];
    const free = places.find((place) => others.every((other) => !overlaps(place, other)) && isWhole(place, view, middleOf(place)));
    const box = free ?? (isChosen() ? places[0] : null);
    if (!box) continue;
    const fill = litColour(edge);
    result.push({ lines: [text], box, size, bold: true, fill, baseline: size, ground: true });
  }
  return result;
}

// Where no label may be: on shapes and on controls.
function shapeBoxes() {
  const positions = network.getPositions();
  const shapes = data.nodes
    .filter((node) => visible.nodes.has(node.id) && (!highlighted || highlighted.nodes.has(node.id)))
    .map((node) => {
      const { x, y } = positions[node.id];
      const radius = sizeOf(node) * 0.85;
      return { id: node.id, ...boxAt(x, y - radius, 2 * radius, 2 * radius) };
    });
  return [...shapes, ...floatingBoxes()];
}

function nodeLabels(ctx, scale, boxes) {
  const positions = network.getPositions();
  const size = Math.min(Math.max(12 * scale, 11.5), 14) / scale;
  const taken = [...boxes];
  const view = viewport(scale);
  const result = [];
  for (const node of labelOrder()) {
    const bold = node.id === state.entity;
    const lines = labelLines.get(node.id);
    const width = (Math.max(...lines.map((line) => widthAt100(ctx, line, bold))) * size) / 100;
    const height = lines.length * size * LEADING;
    const radius = sizeOf(node) + (isSelected(node.id) ? 6 : 0);
    const box = candidates(positions[node.id], radius, width, height, 3 / scale).find((place) =>
      isWhole(place, view, positions[node.id]) &&
      taken.every((other) => other.id === node.id || !overlaps(place, other)),
    );
    if (!box) continue;
    // Names side by side keep so much apart that they do not read as one.
    taken.push({ ...box, left: box.left - 4 / scale, right: box.right + 4 / scale });
    result.push({ lines, box, size, bold, fill: colours.ink, baseline: 0.93 * size });
  }
  return result;
}

// Each line of a label with the middle of its baseline: for the canvas and for the SVG file.
function linesOf({ lines, box, size, baseline }) {
  const x = (box.left + box.right) / 2;
  return lines.map((text, i) => ({ text, x, y: box.top + baseline + LEADING * size * i }));
}

function pen(ctx, scale) {
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.lineJoin = "round";
  ctx.lineWidth = HALO / scale;
  ctx.strokeStyle = colours.paper;
}

let labels = [];
network.on("afterDrawing", (ctx) => {
  const scale = network.getScale();
  ctx.save();
  pen(ctx, scale);
  const shapes = shapeBoxes();
  const boxesOf = (list) => list.map((label) => label.box);
  if (isChosen()) {
    const verbs = edgeLabels(ctx, scale, shapes);
    labels = [...nodeLabels(ctx, scale, [...shapes, ...boxesOf(verbs)]), ...verbs];
  } else {
    const names = nodeLabels(ctx, scale, shapes);
    labels = [...names, ...edgeLabels(ctx, scale, [...shapes, ...boxesOf(names)])];
  }
  for (const label of labels) {
    ctx.font = font(label.size, label.bold);
    if (label.ground) {
      ctx.fillStyle = colours.paper;
      const { left, right, top, bottom } = label.box;
      ctx.fillRect(left, top, right - left, bottom - top);
    }
    ctx.fillStyle = label.fill;
    for (const { text, x, y } of linesOf(label)) {
      ctx.strokeText(text, x, y);
      ctx.fillText(text, x, y);
    }
  }
  ctx.restore();
});
