// The picture as SVG: the same lines, shapes and names, at the places and in the frame of the canvas.

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const near = (number) => Math.round(number * 100) / 100;
const pointList = (points) => points.map(({ x, y }) => `${near(x)},${near(y)}`).join(" ");

// A line from shape to shape, as points: two where it is straight.
function track(edge, from, to) {
  const { edgeType } = network.body.edges[edge.id];
  const clear = ({ x, y }, id, end) => Math.hypot(x - end.x, y - end.y) > nodes.get(id).size + 1;
  const all = Array.from({ length: 241 }, (_, i) => edgeType.getPoint(i / 240));
  const kept = all.filter((p) => clear(p, edge.from, from) && clear(p, edge.to, to));
  const last = kept.length - 1;
  return kept.filter((_, i) => i === 0 || i === last || (edge.bend && i % 12 === 0));
}

function arrowHead(points, width, fill) {
  const [before, tip] = points.slice(-2);
  const turn = (180 / Math.PI) * Math.atan2(tip.y - before.y, tip.x - before.x);
  const length = 6.5 + 1.5 * width;
  const transform = `translate(${near(tip.x)} ${near(tip.y)}) rotate(${near(turn)})`;
  const d = `M1 0L${-length} ${length * 0.4}L${-length * 0.7} 0L${-length} ${-length * 0.4}Z`;
  return svg("path", { d, transform, fill });
}

function struckMark(points, stroke) {
  const middle = points[points.length >> 1];
  const [before, after] = points.length > 2
    ? [points[(points.length >> 1) - 1], middle]
    : [points[0], points[1]];
  const at = points.length > 2
    ? middle
    : { x: (before.x + after.x) / 2, y: (before.y + after.y) / 2 };
  const turn = (180 / Math.PI) * Math.atan2(after.y - before.y, after.x - before.x);
  const transform = `translate(${near(at.x)} ${near(at.y)}) rotate(${near(turn)})`;
  return svg("path", { d: "M-4.5 6L-0.5-6M0.5 6L4.5-6", transform, stroke, "stroke-width": 1.8 });
}

function svgEdge(edge, places) {
  const points = track(edge, places[edge.from], places[edge.to]);
  if (points.length < 2) return svg("g", {});
  const { width, color } = edgeStyle(edge);
  const dashes = DASHES[data.statuses[edge.status].line];
  const line = svg("polyline", {
    points: pointList(points),
    fill: "none",
    stroke: color.color,
    "stroke-width": width,
    ...(dashes ? { "stroke-dasharray": dashes.join(" ") } : {}),
  });
  const group = svg("g", { opacity: color.opacity }, line);
  if (!edge.symmetric) group.append(arrowHead(points, width, color.color));
  if (edge.disputed) {
    group.append(struckMark(points, bright?.edges.has(edge.id) ? colours.marked : colours.ink));
  }
  return group;
}

function svgNode(node, { x, y }) {
  const shape = svg("path", {
    d: data.types[node.type].path,
    transform: `scale(${near(node.size / 10)})`,
    fill: colours[node.type],
    "fill-rule": "evenodd",
    stroke: colours.paper,
    "stroke-width": 1.2,
  });
  const opacity = bright && !bright.nodes.has(node.id) ? DIM : 1;
  const group = svg("g", { transform: `translate(${x} ${y})`, opacity }, shape);
  if (isMarked(node.id)) {
    const ringed = { r: node.size + 5, fill: "none", stroke: colours.marked, "stroke-width": 3 };
    group.append(svg("circle", ringed));
  }
  return group;
}

function svgText(text, x, y, size, { bold = false, fill = colours.ink, halo = 0 } = {}) {
  const attributes = { x: near(x), y: near(y), "font-size": near(size), fill };
  if (bold) attributes["font-weight"] = 600;
  if (halo) {
    Object.assign(attributes, {
      "text-anchor": "middle",
      "paint-order": "stroke",
      stroke: colours.paper,
      "stroke-width": near(halo),
      "stroke-linejoin": "round",
    });
  }
  return svg("text", attributes, text);
}

function svgLabels(scale) {
  const halo = HALO / scale;
  const named = labelled.flatMap(({ text, box, size, bold }) =>
    text.map((line, i) => {
      const [x, y] = [(box.left + box.right) / 2, box.top + size * (0.93 + 1.15 * i)];
      return svgText(line, x, y, size, { bold, halo });
    }),
  );
  const written = edgeLabels.map(({ text, x, y, size }) =>
    svgText(text, x, y, size, { bold: true, fill: colours.marked, halo }),
  );
  return [...named, ...written];
}

// What the canvas shows, `top` pixels below the top of the paper.
function svgPicture(top) {
  const scale = network.getScale();
  const { x, y } = network.getViewPosition();
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [wide, high] = [width / scale, height / scale];
  const viewBox = [x - wide / 2, y - high / 2, wide, high].map(near).join(" ");
  const places = network.getPositions();
  const lines = data.edges.filter((edge) => shown.edges.has(edge.id));
  const shapes = data.nodes.filter((node) => shown.nodes.has(node.id));
  return svg(
    "svg",
    { x: 0, y: top, width, height, viewBox },
    ...lines.map((edge) => svgEdge(edge, places)),
    ...shapes.map((node) => svgNode(node, places[node.id])),
    ...svgLabels(scale),
  );
}
