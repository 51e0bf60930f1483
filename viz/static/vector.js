// The picture as SVG: the same lines, shapes and labels as the canvas, at the same positions.

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const round = (number) => Math.round(number * 100) / 100;
const pointList = (points) => points.map(({ x, y }) => `${round(x)},${round(y)}`).join(" ");

// A line from shape to shape, as points: two where it is straight.
function track(edge, from, to) {
  const { edgeType } = network.body.edges[edge.id];
  const clear = ({ x, y }, id, end) => Math.hypot(x - end.x, y - end.y) > sizeOf(nodes.get(id)) + 1;
  const all = Array.from({ length: 241 }, (_, i) => edgeType.getPoint(i / 240));
  const outside = all.filter((p) => clear(p, edge.from, from) && clear(p, edge.to, to));
  const last = outside.length - 1;
  return outside.filter((_, i) => i === 0 || i === last || (edge.bend && i % 12 === 0));
}

function arrowHead(points, width, fill) {
  const [before, tip] = points.slice(-2);
  const turn = (180 / Math.PI) * Math.atan2(tip.y - before.y, tip.x - before.x);
  const length = 6.5 + 1.5 * width;
  const transform = `translate(${round(tip.x)} ${round(tip.y)}) rotate(${round(turn)})`;
  const d = `M1 0L${-length} ${length * 0.4}L${-length * 0.7} 0L${-length} ${-length * 0.4}Z`;
  return svg("path", { d, transform, fill });
}

function strikeMark(points, stroke) {
  const middle = points[points.length >> 1];
  const [before, after] = points.length > 2
    ? [points[(points.length >> 1) - 1], middle]
    : [points[0], points[1]];
  const at = points.length > 2
    ? middle
    : { x: (before.x + after.x) / 2, y: (before.y + after.y) / 2 };
  const turn = (180 / Math.PI) * Math.atan2(after.y - before.y, after.x - before.x);
  const transform = `translate(${round(at.x)} ${round(at.y)}) rotate(${round(turn)})`;
  return svg("path", { d: STRIKE, transform, stroke, "stroke-width": STRIKE_WIDTH });
}

function svgEdge(edge, positions) {
  const points = track(edge, positions[edge.from], positions[edge.to]);
  if (points.length < 2) return svg("g", {});
  const { width, color } = edgeStyle(edge);
  const dashes = dashesOf(edge.status);
  const line = svg("polyline", {
    points: pointList(points),
    fill: "none",
    stroke: color.color,
    "stroke-width": width,
    ...(dashes ? { "stroke-dasharray": dashes.join(" ") } : {}),
  });
  const group = svg("g", { opacity: color.opacity }, line);
  if (!edge.symmetric) group.append(arrowHead(points, width, color.color));
  if (edge.disputed) group.append(strikeMark(points, strikeColour(edge)));
  return group;
}

function svgNode(node, { x, y }) {
  const shape = svg("path", {
    d: SHAPES[node.type],
    transform: `scale(${round(sizeOf(node) / 10)})`,
    fill: colours[node.type],
    "fill-rule": "evenodd",
    stroke: colours.paper,
    "stroke-width": 1.2,
  });
  const opacity = nodeOpacity(node.id);
  const group = svg("g", { transform: `translate(${x} ${y})`, opacity }, shape);
  if (isSelected(node.id)) {
    const attributes = { r: sizeOf(node) + 5, fill: "none", stroke: colours.marked, "stroke-width": 3 };
    group.append(svg("circle", attributes));
  }
  return group;
}

function svgText(text, x, y, size, { bold = false, fill = colours.ink, halo = 0 } = {}) {
  const attributes = { x: round(x), y: round(y), "font-size": round(size), fill };
  if (bold) attributes["font-weight"] = 600;
  if (halo) {
    Object.assign(attributes, {
      "text-anchor": "middle",
      "paint-order": "stroke",
      stroke: colours.paper,
      "stroke-width": round(halo),
      "stroke-linejoin": "round",
    });
  }
  return svg("text", attributes, text);
}

function ground({ left, right, top, bottom }) {
  const size = { width: round(right - left), height: round(bottom - top) };
  return svg("rect", { x: round(left), y: round(top), ...size, fill: colours.paper });
}

function svgLabels(scale) {
  const halo = HALO / scale;
  return labels.flatMap((label) => [
    ...(label.ground ? [ground(label.box)] : []),
    ...linesOf(label).map(({ text, x, y }) => svgText(text, x, y, label.size, { ...label, halo })),
  ]);
}

// What a file shows: the selection, or everything that is visible.
function picturedParts() {
  const lit = (name) => new Set([...visible[name]].filter((id) => highlighted?.[name].has(id)));
  return highlighted ? { nodes: lit("nodes"), edges: lit("edges") } : visible;
}
let pictured = visible;

// The view of the canvas, `top` pixels below the top of the paper.
function svgPicture(top) {
  const scale = network.getScale();
  const { x, y } = network.getViewPosition();
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [wide, high] = [width / scale, height / scale];
  const viewBox = [x - wide / 2, y - high / 2, wide, high].map(round).join(" ");
  const positions = network.getPositions();
  const lines = data.edges.filter((edge) => pictured.edges.has(edge.id));
  const shapes = data.nodes.filter((node) => pictured.nodes.has(node.id));
  return svg(
    "svg",
    { x: 0, y: top, width, height, viewBox },
    ...lines.map((edge) => svgEdge(edge, positions)),
    ...shapes.map((node) => svgNode(node, positions[node.id])),
    ...svgLabels(scale),
  );
}
