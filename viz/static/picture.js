// The picture as a file: with its title, what its signs mean, which filters are on, where it is
// from and of which day, so that it can be judged without the page. PNG is drawn from the SVG.

const EDGE_OF_PAPER = 24;
const TEXT_LINE = 18;
const TITLE_LINE = 26;
const pen2d = document.createElement("canvas").getContext("2d");

function filtersInWords() {
  const off = boxes
    .filter((box) => !box.checked)
    .map((box) => box.parentElement.querySelector("span").textContent);
  const parts = off.length ? [`without ${off.join(", ")}`] : [];
  if (hasYears && (state.from > -Infinity || state.to < Infinity)) {
    parts.push(`only ${document.getElementById("span").value.toLowerCase()}`);
  }
  if (!state.undated) parts.push("without undated connections");
  const kept = [...document.querySelectorAll("[data-kept]")].map((it) => it.textContent);
  if (kept.length) parts.unshift(`only ${kept.join(", ")}`);
  return parts.length ? `Filters: ${parts.join("; ")}.` : "No filter.";
}

// The documents behind what is in sight.
function sourcesInSight() {
  const cards = [...shown.edges].flatMap(cardsOf);
  return [...new Set(cards.map((card) => card.querySelector(".document").textContent))].sort();
}

function footLines() {
  const titles = sourcesInSight();
  const snapshot = document.querySelector(".snapshot")?.textContent;
  const day = new Date().toISOString().slice(0, 10);
  const web = location.protocol.startsWith("http") ? ` ${lasting()}` : "";
  return [
    `${document.getElementById("count").textContent}. ${filtersInWords()}`,
    document.getElementById("key").textContent,
    ...(state.path ? [CAUTION] : []),
    ...(titles.length ? [`Sources: ${titles.join("; ")}.`] : []),
    `Sightlines${snapshot ? `, snapshot ${snapshot}` : ""}, saved on ${day}.${web}`,
  ];
}

// Break at spaces to a width; a word that is wider is cut.
function wrap(text, width) {
  const found = [""];
  for (const word of text.split(" ")) {
    const longer = found.at(-1) ? `${found.at(-1)} ${word}` : word;
    if (pen2d.measureText(longer).width <= width || !found.at(-1)) found.splice(-1, 1, longer);
    else found.push(word);
  }
  return found.map((line) => cut(line, width));
}

function cut(line, width) {
  const letters = [...line];
  const room = (count) => pen2d.measureText(letters.slice(0, count).join("")).width <= width;
  let count = letters.length;
  while (count > 1 && !room(count)) count = count >> 1;
  return count < letters.length ? `${letters.slice(0, count).join("")}…` : line;
}

// The kinds and lines that are in sight, each with a sign, its room and its words.
function legendEntries() {
  const types = new Set([...shown.nodes].map((id) => nodes.get(id).type));
  const lines = new Set([...shown.edges].map((id) => edges.get(id).status));
  if ([...shown.edges].some((id) => edges.get(id).disputed)) lines.add("disputed");
  const entry = (box, sign, room) => {
    const text = box.parentElement.querySelector("span").textContent;
    return { width: room + pen2d.measureText(text).width + 18, room, text, sign };
  };
  return [
    ...boxes
      .filter((box) => types.has(box.dataset.type))
      .map((box) => entry(box, kindSign(box.dataset.type), 20)),
    ...boxes
      .filter((box) => lines.has(box.dataset.status))
      .map((box) => entry(box, lineSign(box.dataset.status), 42)),
  ];
}

function kindSign(type) {
  const transform = "translate(8 -4) scale(0.65)";
  const d = data.types[type].path;
  return svg("path", { d, transform, fill: colours[type], "fill-rule": "evenodd" });
}

function lineSign(status) {
  const dashes = DASHES[data.statuses[status]?.line] || ["none"];
  const attributes = { fill: "none", stroke: colours.ink, "stroke-width": 1.6 };
  const line = svg("path", { ...attributes, d: "M0-4H36", "stroke-dasharray": dashes.join(" ") });
  if (status !== "disputed") return line;
  return svg("g", {}, line, svg("path", { ...attributes, d: "M15 0L18-8M19 0L22-8" }));
}

function legendRows(entries, width) {
  const found = [[]];
  let used = 0;
  for (const entry of entries) {
    if (used && used + entry.width > width) {
      found.push([]);
      used = 0;
    }
    found.at(-1).push({ ...entry, x: EDGE_OF_PAPER + used });
    used += entry.width;
  }
  return found;
}

function svgLegend(rowsOfEntries, top) {
  return rowsOfEntries.flatMap((entries, i) =>
    entries.map(({ sign, room, text, x }) =>
      svg(
        "g",
        { transform: `translate(${near(x)} ${top + i * TEXT_LINE})` },
        sign,
        svgText(text, room, 0, 13),
      ),
    ),
  );
}

function compose() {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const inner = width - 2 * EDGE_OF_PAPER;
  pen2d.font = font(13);
  const foot = footLines().flatMap((line) => wrap(line, inner));
  const legend = legendRows(legendEntries(), inner);
  pen2d.font = font(20, true);
  const heading = document.querySelector("h1").textContent;
  const title = wrap(heading, inner);
  const below = EDGE_OF_PAPER + TITLE_LINE * title.length;
  const head = below + TEXT_LINE * legend.length + 10;
  const whole = head + height + TEXT_LINE * foot.length + EDGE_OF_PAPER;
  const line = (i) => head + height + TEXT_LINE * (i + 0.9);
  return svg(
    "svg",
    { width, height: whole, viewBox: `0 0 ${width} ${whole}`, "font-family": FACE },
    svg("title", {}, heading),
    svg("desc", {}, foot.join(" ")),
    svg("rect", { width, height: whole, fill: colours.paper }),
    ...title.map((text, i) => svgText(text, EDGE_OF_PAPER, 40 + TITLE_LINE * i, 20, { bold: true })),
    ...svgLegend(legend, below + 14),
    svgPicture(head),
    ...foot.map((text, i) => svgText(text, EDGE_OF_PAPER, line(i), 13)),
  );
}

function svgBlob() {
  const text = new XMLSerializer().serializeToString(compose());
  return new Blob([text], { type: "image/svg+xml" });
}

// At twice its size, so that it is sharp in print.
async function pngBlob() {
  const image = new Image();
  image.src = URL.createObjectURL(svgBlob());
  await image.decode();
  const made = document.createElement("canvas");
  [made.width, made.height] = [2 * image.width, 2 * image.height];
  made.getContext("2d").drawImage(image, 0, 0, made.width, made.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve) => made.toBlob(resolve));
}

async function save(format) {
  if (!canvas.clientWidth) {
    // A small screen shows either the graph or the table.
    setView("graph");
    await new Promise(requestAnimationFrame);
    network.redraw();
  }
  const link = element("a");
  link.href = URL.createObjectURL(await (format === "svg" ? svgBlob() : pngBlob()));
  link.download = `sightlines.${format}`;
  link.click();
  URL.revokeObjectURL(link.href);
  say("Picture saved");
}

for (const button of document.querySelectorAll("[data-save]")) {
  button.addEventListener("click", () => {
    share.open = false;
    save(button.dataset.save);
  });
}
