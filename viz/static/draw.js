// The picture: vis-network draws lines and moves the view; shapes are the same paths as in the
// legend. Nodes and edges outside the highlight are dimmed, not removed.

const DIM = 0.22;
const POSSIBLY = 0.45;
// The closest zoom of a fit, and the range that a reader may zoom in.
const CLOSEST = 2.2;
const [FARTHEST, NEAREST] = [0.15, 5];
const DASHES = { dashed: [7, 5], dotted: [1.5, 4] };

const paths = Object.fromEntries(
  Object.keys(data.types).map((name) => [name, new Path2D(SHAPES[name])]),
);
const probe = element("span", "unseen");
document.body.append(probe);

// Colours come from the style sheet, in the current theme.
function colour(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

let colours = {};
function readColours() {
  colours = Object.fromEntries(
    ["paper", "ink", "edge", "marked", "focus"].map((name) => [name, colour(name)]),
  );
  for (const name of Object.keys(data.types)) colours[name] = colour(`type-${name}`);
}
readColours();

let highlighted = highlight();
let hovered = null;

// Zoomed in, shapes stop growing: a text beside them keeps its size.
const GROWN = 1.4;
let zoomScale = 1;
const sizeOf = (node) => node.size * Math.min(1, GROWN / zoomScale);

const isSelected = (id) => [state.entity, state.path?.from, state.path?.to].includes(id);

function drawShape({ ctx, id, x, y }) {
  const node = nodes.get(id);
  const path = paths[node.type];
  const size = sizeOf(node);
  const nodeDimensions = { width: size * 2, height: size * 2 };
  // vis reads `hidden` of a node only when its data set changes, which is too slow for a filter.
  if (!visible.nodes.has(id)) return { drawNode() {}, nodeDimensions };
  const drawNode = () => {
    ctx.translate(x, y);
    ctx.globalAlpha = nodeOpacity(id);
    if (isSelected(id)) ring(ctx, size + 5, colours.marked, 3);
    if (id === hovered) ring(ctx, size + 3, colours.ink, 1.5);
    if (id === state.cursor && document.activeElement === canvas) {
      ring(ctx, size + 9, colours.focus, 2);
    }
    ctx.scale(size / 10, size / 10);
    ctx.strokeStyle = colours.paper;
    ctx.lineWidth = 2.4;
    ctx.stroke(path);
    ctx.fillStyle = colours[node.type];
    ctx.fill(path, "evenodd");
  };
  return { drawNode, nodeDimensions };
}

function ring(ctx, radius, stroke, width) {
  ctx.beginPath();
  ctx.arc(0, 0, radius, 0, 2 * Math.PI);
  ctx.strokeStyle = stroke;
  ctx.lineWidth = width;
  ctx.stroke();
}

// Of an entity whose connections all fall, as little is left as of them.
const FALLEN = 0.12;
const hasFallen = (id) =>
  fates.size > 0 && edgesOf.get(id).length > 0 && edgesOf.get(id).every((edge) => fates.get(edge.id) === "falls");
function nodeOpacity(id) {
  if (hasFallen(id)) return FALLEN;
  return highlighted && !highlighted.nodes.has(id) ? DIM : 1;
}
// Red is for what is selected; of what an entity has, only supplies and uses are as red as that.
const supplyTypes = new Set(data.supply);
const litColour = (edge) => (state.entity && !supplyTypes.has(edge.type) ? colours.ink : colours.marked);
const strikeColour = (edge) => (isLit(edge) ? litColour(edge) : colours.ink);
const dashesOf = (status) => DASHES[data.statuses[status]?.line] || null;

// Around an entity with more lines than this, the others would hide those: they stay as they are.
const CROWD = 12;
const isLit = (edge) =>
  highlighted?.edges.has(edge.id) &&
  !(state.entity && highlighted.edges.size > CROWD && !supplyTypes.has(edge.type));

function edgeStyle(edge) {
  const bold = isLit(edge);
  const tone = edge.id === hovered ? colours.ink : bold ? litColour(edge) : colours.edge;
  const fallen = fates.get(edge.id) === "falls";
  const opacity = fallen ? FALLEN : highlighted && !highlighted.edges.has(edge.id) ? DIM : 1;
  return {
    hidden: !visible.edges.has(edge.id),
    width: 1.1 + 0.9 * Math.log2(Math.max(edge.independent, 1)) + (bold ? 1 : 0),
    color: {
      inherit: false,
      color: tone,
      highlight: tone,
      hover: tone,
      opacity: Math.min(opacity, edge.possibly ? POSSIBLY : 1),
    },
  };
}

function curve(bend) {
  if (!bend) return false;
  const type = bend > 0 ? "curvedCW" : "curvedCCW";
  return { enabled: true, type, roundness: Math.abs(bend) };
}

const visNodes = new vis.DataSet(
  data.nodes.map((node) => ({
    id: node.id,
    x: node.x,
    y: node.y,
    size: node.size,
    shape: "custom",
    ctxRenderer: drawShape,
  })),
);
const visEdges = new vis.DataSet(
  data.edges.map((edge) => ({
    ...edgeStyle(edge),
    id: edge.id,
    from: edge.from,
    to: edge.to,
    dashes: dashesOf(edge.status) ?? false,
    arrows: { to: { enabled: !edge.symmetric, scaleFactor: 0.5 } },
    smooth: curve(edge.bend),
  })),
);
const network = new vis.Network(
  canvas,
  { nodes: visNodes, edges: visEdges },
  {
    autoResize: true,
    physics: false,
    layout: { improvedLayout: false },
    nodes: { borderWidth: 0 },
    edges: { arrowStrikethrough: false, selectionWidth: 0, hoverWidth: 0 },
    interaction: { selectable: false, hover: false, keyboard: false, tooltipDelay: 1e9 },
  },
);
// vis makes its frame a tab stop; the keyboard is handled by the element around it.
canvas.querySelector(".vis-network").tabIndex = -1;

// vis reads these options whenever it draws. Updating its data sets would compute every line and
// arrow anew, which is too slow for a response to a click.
function restyle() {
  const { body } = network;
  for (const edge of data.edges) Object.assign(body.edges[edge.id].options, edgeStyle(edge));
  body.emitter.emit("_requestRedraw");
}

network.on("beforeDrawing", () => (zoomScale = network.getScale()));

// What the pointer is over has a frame, and its name beside the pointer.
const hoverName = document.getElementById("hover");

function visibleAt(spot) {
  const node = network.getNodeAt(spot);
  if (visible.nodes.has(node)) return { node };
  const edge = network.getEdgeAt(spot);
  return visible.edges.has(edge) ? { edge } : {};
}

function hover(spot) {
  const { node, edge } = spot ? visibleAt(spot) : {};
  const id = node ?? edge ?? null;
  canvas.style.cursor = id ? "pointer" : "";
  hoverName.hidden = !id;
  if (id) {
    const between = edges.get(edge);
    const words = between && [nodes.get(between.from).label, between.label, nodes.get(between.to).label];
    hoverName.textContent = between ? words.join(" ") + between.marks : nodes.get(node).label;
    hoverName.classList.toggle("to-the-left", spot.x > canvas.clientWidth / 2);
    hoverName.style.left = `${spot.x}px`;
    hoverName.style.top = `${spot.y}px`;
  }
  if (id === hovered) return;
  const [before, now] = [edges.get(hovered), edges.get(id)];
  hovered = id;
  for (const each of [before, now]) {
    if (each) Object.assign(network.body.edges[each.id].options, edgeStyle(each));
  }
  network.body.emitter.emit("_requestRedraw");
}

canvas.addEventListener("pointermove", (event) => {
  if (event.pointerType !== "mouse") return;
  const { left, top } = canvas.getBoundingClientRect();
  hover(event.buttons ? null : { x: event.clientX - left, y: event.clientY - top });
});
canvas.addEventListener("pointerleave", () => hover(null));

function repaint() {
  readColours();
  restyle();
  network.redraw();
}

// Two strokes across the middle of a line: at least one claim denies it.
const STRIKE = "M-4.5 6L-0.5-6M0.5 6L4.5-6";
const STRIKE_WIDTH = 1.8;

function strike(ctx, edge) {
  const { edgeType } = network.body.edges[edge.id];
  const [before, middle, after] = [0.48, 0.5, 0.52].map((part) => edgeType.getPoint(part));
  ctx.save();
  ctx.translate(middle.x, middle.y);
  ctx.rotate(Math.atan2(after.y - before.y, after.x - before.x));
  ctx.globalAlpha = highlighted && !highlighted.edges.has(edge.id) ? DIM : 1;
  ctx.strokeStyle = strikeColour(edge);
  ctx.lineWidth = STRIKE_WIDTH;
  ctx.stroke(new Path2D(STRIKE));
  ctx.restore();
}

network.on("afterDrawing", (ctx) => {
  for (const edge of data.edges) {
    if (edge.disputed && visible.edges.has(edge.id)) strike(ctx, edge);
  }
});

// Show these nodes and their labels whole, clear of the controls that float over the canvas.
function fit(ids, animate = true) {
  if (!ids.length || !canvas.clientWidth) return;
  const { position, scale } = fitted(ids);
  look(position, scale, animate);
  viewMoved = false;
}

// The view in which these nodes and their labels are whole.
function fitted(ids) {
  const positions = network.getPositions(ids);
  let scale = CLOSEST;
  let frame;
  // Labels keep their size on the screen, so how far they reach depends on the scale.
  for (let pass = 0; pass < 3; pass += 1) {
    frame = extent(ids, positions, scale);
    scale = Math.min(
      (scale * canvas.clientWidth) / ((frame.right - frame.left) * scale + 16),
      (scale * canvas.clientHeight) / ((frame.bottom - frame.top) * scale + 56),
      CLOSEST,
    );
  }
  const position = { x: (frame.left + frame.right) / 2, y: (frame.top + frame.bottom) / 2 };
  return { position, scale };
}

function extent(ids, positions, scale) {
  const frame = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const id of ids) {
    const { x, y } = positions[id];
    const size = sizeOf(nodes.get(id));
    const { width, height } = labelSize(id);
    const half = Math.max(size, width / 2 / scale);
    frame.left = Math.min(frame.left, x - half);
    frame.right = Math.max(frame.right, x + half);
    frame.top = Math.min(frame.top, y - size);
    frame.bottom = Math.max(frame.bottom, y + size + height / scale);
  }
  return frame;
}

// Once a reader has moved the picture, a new window size does not move it.
let viewMoved = false;

function look(position, scale, animate) {
  const animation = animate && !still.matches && { duration: 260, easingFunction: "easeInOutQuad" };
  network.moveTo({ position, scale, animation });
}

const within = (scale) => Math.min(Math.max(scale, FARTHEST), NEAREST);

function zoomBy(factor) {
  look(network.getViewPosition(), within(network.getScale() * factor), true);
  onMove();
}

function fitAll() {
  fit([...visible.nodes]);
  remember("replace");
}

network.on("zoom", ({ scale }) => {
  if (scale !== within(scale)) network.moveTo({ scale: within(scale) });
});
