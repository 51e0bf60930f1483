// The picture as a file: with its title, what its signs mean, which filters are on, where it is
// from and of which day, so that it can be judged without the page.

const EDGE_OF_PAPER = 24;
const TEXT_LINE = 18;

function filtersInWords() {
  const off = boxes.filter((box) => !box.checked).map((box) => box.parentElement.querySelector("span").textContent);
  const parts = off.length ? [`without ${off.join(", ")}`] : [];
  if (hasYears && (state.from > -Infinity || state.to < Infinity)) {
    parts.push(`only ${document.getElementById("span").value}`);
  }
  if (!state.undated) parts.push("without what is undated");
  return parts.length ? `Filters: ${parts.join("; ")}.` : "No filter.";
}

function footLines() {
  const titles = [...document.querySelectorAll("#sources > li > :first-child")].map((t) => t.textContent);
  const snapshot = document.querySelector(".snapshot");
  return [
    `${document.getElementById("count").textContent}. ${filtersInWords()}`,
    document.getElementById("key").textContent,
    ...(titles.length ? [`Sources: ${titles.join("; ")}.`] : []),
    `Sightlines${snapshot ? `, snapshot ${snapshot.textContent}` : ""}, saved on ${new Date().toISOString().slice(0, 10)}.`,
  ];
}

// Break at spaces to a width; the context's font decides how much that holds.
function wrap(ctx, text, width) {
  const found = [""];
  for (const word of text.split(" ")) {
    const longer = found.at(-1) ? `${found.at(-1)} ${word}` : word;
    if (ctx.measureText(longer).width <= width || !found.at(-1)) found.splice(-1, 1, longer);
    else found.push(word);
  }
  return found;
}

// The kinds and lines that are in sight, as entries of a width and a way to draw them.
function legendEntries(ctx) {
  const types = new Set([...shown.nodes].map((id) => nodes.get(id).type));
  const statuses = new Set([...shown.edges].map((id) => edges.get(id).status));
  const kinds = boxes.filter((box) => types.has(box.dataset.type));
  const signs = boxes.filter((box) => statuses.has(box.dataset.status));
  const entry = (box, sign, room) => {
    const text = box.parentElement.querySelector("span").textContent;
    return { width: room + ctx.measureText(text).width + 18, room, text, sign };
  };
  return [
    ...kinds.map((box) => entry(box, () => kindSign(ctx, box.dataset.type), 20)),
    ...signs.map((box) => entry(box, () => lineSign(ctx, box.dataset.status), 42)),
  ];
}

function kindSign(ctx, type) {
  ctx.translate(8, -4);
  ctx.scale(0.65, 0.65);
  ctx.fillStyle = colours[type];
  ctx.fill(paths[type], "evenodd");
}

function lineSign(ctx, status) {
  ctx.setLineDash(DASHES[data.statuses[status].line] || []);
  ctx.strokeStyle = colours.edge;
  ctx.lineWidth = 1.6;
  ctx.beginPath();
  ctx.moveTo(0, -4);
  ctx.lineTo(36, -4);
  ctx.stroke();
}

function legendRows(entries, width) {
  const found = [[]];
  let used = 0;
  for (const entry of entries) {
    if (used && used + entry.width > width) {
      found.push([]);
      used = 0;
    }
    found.at(-1).push(entry);
    used += entry.width;
  }
  return found;
}

function drawLegend(ctx, rowsOfEntries, top) {
  rowsOfEntries.forEach((entries, i) => {
    let x = EDGE_OF_PAPER;
    for (const { sign, room, text, width } of entries) {
      ctx.save();
      ctx.translate(x, top + i * TEXT_LINE);
      sign();
      ctx.restore();
      ctx.fillText(text, x + room, top + i * TEXT_LINE);
      x += width;
    }
  });
}

function compose() {
  const drawn = canvas.querySelector("canvas");
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const inner = width - 2 * EDGE_OF_PAPER;
  const made = document.createElement("canvas");
  const ctx = made.getContext("2d");
  ctx.font = font(13);
  const foot = footLines().flatMap((line) => wrap(ctx, line, inner));
  const legend = legendRows(legendEntries(ctx), inner);
  ctx.font = font(20, true);
  const title = wrap(ctx, document.querySelector("h1").textContent, inner);
  const head = EDGE_OF_PAPER + 26 * title.length + TEXT_LINE * legend.length + 10;
  made.width = width * 2;
  made.height = (head + height + TEXT_LINE * foot.length + EDGE_OF_PAPER) * 2;
  ctx.scale(2, 2);
  ctx.fillStyle = colours.paper;
  ctx.fillRect(0, 0, made.width, made.height);
  ctx.fillStyle = colours.ink;
  ctx.font = font(20, true);
  title.forEach((line, i) => ctx.fillText(line, EDGE_OF_PAPER, EDGE_OF_PAPER + 16 + 26 * i));
  ctx.font = font(13);
  drawLegend(ctx, legend, EDGE_OF_PAPER + 26 * title.length + 14);
  ctx.drawImage(drawn, 0, head, width, height);
  foot.forEach((line, i) => ctx.fillText(line, EDGE_OF_PAPER, head + height + TEXT_LINE * (i + 0.6)));
  return made;
}

document.getElementById("save").addEventListener("click", () => {
  compose().toBlob((blob) => {
    const link = element("a");
    link.href = URL.createObjectURL(blob);
    link.download = "sightlines.png";
    link.click();
    URL.revokeObjectURL(link.href);
    say("Picture saved");
  });
});
