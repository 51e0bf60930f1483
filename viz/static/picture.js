// The picture as a file, with its title, legend, active filters, sources and date, so that it can be
// read without the page. PNG is drawn from the SVG.

const EDGE_OF_PAPER = 24;
const TEXT_LINE = 18;
const TITLE_LINE = 26;
const measure = document.createElement("canvas").getContext("2d");

// The words of a filter, which stand beside its box and its sign.
const wordsOfBox = (box) => box.parentElement.querySelector("span:not([class])").textContent;

function filtersInWords() {
  const wordsOf = (list) => list.map(wordsOfBox);
  const off = wordsOf(boxes.filter((box) => !box.checked && !box.dataset.relation));
  const parts = off.length ? [t("without %(names)s", { names: off.join(", ") })] : [];
  if (state.hiddenRelations.size) {
    const on = wordsOf(relationBoxes.filter((box) => box.checked)).join(", ");
    parts.push(t("only the relations %(names)s", { names: on || t("(none)") }));
  }
  if (hasYears && (state.from > -Infinity || state.to < Infinity)) {
    parts.push(t("only %(names)s", { names: document.getElementById("span").value.toLowerCase() }));
  }
  if (!state.undated) parts.push(t("without undated connections"));
  const active = [...document.querySelectorAll("[data-filter]")].map((it) => it.textContent);
  if (active.length) parts.unshift(t("only %(names)s", { names: active.join(", ") }));
  return parts.length ? t("Filters: %(filters)s.", { filters: parts.join("; ") }) : t("No filter.");
}

// The documents behind the pictured connections, each with publisher, day and what it cites.
function sourceLines() {
  const documents = new Map();
  for (const card of new Set([...pictured.edges].flatMap(cardsOf))) {
    const source = card.querySelector(".document");
    const whole = source.parentElement.cloneNode(true);
    for (const part of whole.querySelectorAll(".paragraphs, .original")) part.remove();
    const line = whole.textContent.trim();
    const cited = documents.get(line) ?? new Set();
    documents.set(line, cited);
    const chain = card.querySelector(".cites")?.parentElement;
    for (const link of [...(chain?.children ?? [])].slice(1)) {
      if (!link.matches(".cites") && link.textContent !== source.textContent) cited.add(link.textContent);
    }
  }
  return [...documents].sort().map(([line, cited]) => (cited.size ? t("%(document)s (citing %(names)s)", { document: line, names: [...cited].sort().join("; ") }) : line));
}

// What the file is of: the selection as a sentence, or the page.
function pictureTitle() {
  const page = document.querySelector("h1").textContent;
  const edge = edges.get(state.tie);
  if (edge) return sentenceText(edge);
  if (state.path) return `${nodes.get(state.path.from).label} ${t("→")} ${nodes.get(state.path.to).label}`;
  return state.entity ? nodes.get(state.entity).label : page;
}

// A path, or the few connections that an address marks, as the page of paths does.
const MOST_MARKED = 8;
const isChain = () =>
  state.path || (state.frame && !document.getElementById("steps") && state.frame.edges.size <= MOST_MARKED);

// The status, the time and the support of each pictured connection of a selection.
function supportLines() {
  if (!state.tie && !isChain()) return [];
  return [...pictured.edges].map((id) => {
    const edge = edges.get(id);
    const status = rows.get(id).querySelector(".status").textContent;
    const before = isChain() ? `${sentenceText(edge)}: ` : "";
    return `${before}${status} · ${whenOf(edge)} · ${supportOf(edge)}.`;
  });
}

function fileName(format) {
  const words = pictureTitle().normalize("NFKD").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return `sightlines-${words.join("-").slice(0, 60).replace(/-+$/, "")}.${format}`;
}

function footLines() {
  const titles = sourceLines();
  const licence = document.querySelector(".datasets")?.textContent;
  const snapshot = document.querySelector(".snapshot")?.textContent;
  const day = new Date().toISOString().slice(0, 10);
  const web = location.protocol.startsWith("http") ? ` ${permalink()}` : "";
  const told = document.querySelector(".told")?.textContent;
  const whole = pictured.edges.size === edges.size;
  const documents = count(titles.length, "Told by %(num)s document at hand.", "Told by %(num)s documents at hand.");
  return [
    ...supportLines(),
    ...(told && whole ? [told] : [documents]),
    ...(highlighted ? [] : [`${document.getElementById("count").textContent}. ${filtersInWords()}`]),
    document.getElementById("key").textContent,
    ...(isChain() ? [CAUTION] : []),
    ...(titles.length ? [count(titles.length, "Source: %(names)s.", "Sources: %(names)s.", { names: titles.join(" · ") })] : []),
    ...(licence ? [licence] : []),
    (snapshot
      ? t("Sightlines, snapshot %(snapshot)s, saved on %(day)s.", { snapshot, day })
      : t("Sightlines, saved on %(day)s.", { day })) + web,
  ];
}

// Break at spaces to a width; an address that is wider breaks anywhere, and another word is cut.
function wrap(text, width) {
  const lines = [""];
  for (const word of text.split(" ").flatMap((it) => (it.startsWith("http") ? addressParts(it, width) : [it]))) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (measure.measureText(longer).width <= width || !lines.at(-1)) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines.map((line) => cut(line, width));
}

const MOST_PARTS = 6;
function addressParts(word, width) {
  const parts = [""];
  for (const letter of word) {
    if (measure.measureText(parts.at(-1) + letter).width <= width) parts[parts.length - 1] += letter;
    else if (parts.length < MOST_PARTS) parts.push(letter);
    else return [...parts.slice(0, -1), `${parts.at(-1)}…`];
  }
  return parts;
}

function cut(line, width) {
  const letters = [...line];
  const fits = (length) => measure.measureText(letters.slice(0, length).join("")).width <= width;
  let length = letters.length;
  while (length > 1 && !fits(length)) length >>= 1;
  return length < letters.length ? `${letters.slice(0, length).join("")}…` : line;
}

// The visible kinds and lines, each with its sign, the sign's width and its words.
function legendEntries() {
  const types = new Set([...pictured.nodes].map((id) => nodes.get(id).type));
  const statuses = new Set([...pictured.edges].map((id) => edges.get(id).status));
  if ([...pictured.edges].some((id) => edges.get(id).disputed)) statuses.add("disputed");
  const entry = (box, sign, room) => {
    const text = wordsOfBox(box);
    return { width: room + measure.measureText(text).width + 18, room, text, sign };
  };
  return [
    ...boxes
      .filter((box) => types.has(box.dataset.type))
      .map((box) => entry(box, kindSign(box.dataset.type), 20)),
    ...boxes
      .filter((box) => statuses.has(box.dataset.status))
      .map((box) => entry(box, lineSign(box.dataset.status), 42)),
  ];
}

function kindSign(type) {
  const transform = "translate(8 -4) scale(0.65)";
  const d = SHAPES[type];
  return svg("path", { d, transform, fill: colours[type], "fill-rule": "evenodd" });
}

function lineSign(status) {
  const dashes = dashesOf(status) ?? ["none"];
  const attributes = { fill: "none", stroke: colours.ink, "stroke-width": 1.6 };
  const line = svg("path", { ...attributes, d: "M0-4H36", "stroke-dasharray": dashes.join(" ") });
  if (status !== "disputed") return line;
  return svg("g", {}, line, svg("path", { ...attributes, d: "M15 0L18-8M19 0L22-8" }));
}

function legendRows(entries, width) {
  const result = [[]];
  let used = 0;
  for (const entry of entries) {
    if (used && used + entry.width > width) {
      result.push([]);
      used = 0;
    }
    result.at(-1).push({ ...entry, x: EDGE_OF_PAPER + used });
    used += entry.width;
  }
  return result;
}

function svgLegend(rowsOfEntries, top) {
  return rowsOfEntries.flatMap((entries, i) =>
    entries.map(({ sign, room, text, x }) =>
      svg(
        "g",
        { transform: `translate(${round(x)} ${top + i * TEXT_LINE})` },
        sign,
        svgText(text, room, 0, 13),
      ),
    ),
  );
}

function compose() {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const inner = width - 2 * EDGE_OF_PAPER;
  measure.font = font(13);
  const foot = footLines().flatMap((line) => wrap(line, inner));
  const legend = legendRows(legendEntries(), inner);
  measure.font = font(20, true);
  const heading = pictureTitle();
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

function svgBlob(drawing) {
  const text = new XMLSerializer().serializeToString(drawing);
  return new Blob([text], { type: "image/svg+xml" });
}

// At twice its size, so that it is sharp in print.
async function pngBlob(drawing) {
  const image = new Image();
  image.src = URL.createObjectURL(svgBlob(drawing));
  await image.decode();
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [2 * image.width, 2 * image.height];
  copy.getContext("2d").drawImage(image, 0, 0, copy.width, copy.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve) => copy.toBlob(resolve));
}

async function save(format) {
  if (!canvas.clientWidth) {
    // A small screen shows either the graph or the table.
    setView("graph");
    await new Promise(requestAnimationFrame);
    network.redraw();
  }
  const view = { position: network.getViewPosition(), scale: network.getScale() };
  pictured = picturedParts();
  if (highlighted) {
    // Fitted to the selection, whatever the window shows of it.
    network.moveTo(fitted([...pictured.nodes]));
    network.redraw();
  }
  const drawing = compose();
  pictured = visible;
  network.moveTo(view);
  network.redraw();
  const link = element("a");
  link.href = URL.createObjectURL(await (format === "svg" ? svgBlob(drawing) : pngBlob(drawing)));
  link.download = fileName(format);
  link.click();
  URL.revokeObjectURL(link.href);
  announce(t("Picture saved"));
}

for (const button of document.querySelectorAll("[data-save]")) {
  button.addEventListener("click", () => {
    share.open = false;
    save(button.dataset.save);
  });
}
