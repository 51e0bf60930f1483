// The search box: names of every kind and script, folded on both sides.

const LETTERS_ALIKE = { "\u0643": "\u06a9", "\u064a": "\u06cc", "\u0649": "\u06cc" };
const MOST_FOUND = 12;
const box = document.getElementById("search");
const list = document.getElementById("found");

// Case, accents and width fold; so do the letters that Arabic keyboards write for Persian ones.
function fold(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[\u0643\u064a\u0649]/g, (letter) => LETTERS_ALIKE[letter])
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

const names = data.nodes.flatMap((node) => node.names.map((text) => ({ node, text, folded: fold(text) })));

// Names that start with the query come first, then those in which a word does, then the rest.
function find(query) {
  const wanted = fold(query);
  if (!wanted) return [];
  const rank = ({ folded }) =>
    folded.startsWith(wanted) ? 0 : folded.includes(` ${wanted}`) ? 1 : folded.includes(wanted) ? 2 : 3;
  const best = new Map();
  for (const name of names) {
    const found = { ...name, rank: rank(name) };
    const earlier = best.get(name.node.id);
    if (found.rank < (earlier?.rank ?? 3)) best.set(name.node.id, found);
  }
  return [...best.values()]
    .sort((a, b) => a.rank - b.rank || b.node.size - a.node.size || (a.node.id < b.node.id ? -1 : 1))
    .slice(0, MOST_FOUND);
}

function iconOf(type) {
  return document.querySelector(`#types [data-type="${type}"] + .icon`).cloneNode(true);
}

function option({ node, text }, position) {
  const made = element("div", "", iconOf(node.type), nameOf(node.id, "span"));
  if (text !== node.label) {
    const alias = element("span", "aside", text);
    alias.dir = "auto";
    made.append(alias);
  }
  made.id = `found-${position}`;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  made.dataset.entity = node.id;
  // On pointer down: a click would come after the box has lost the focus.
  made.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    choose(node.id);
  });
  return made;
}

function emptyOption() {
  const made = element("div", "aside", "No such name in this picture.");
  made.setAttribute("role", "option");
  made.setAttribute("aria-disabled", "true");
  return made;
}

// The picture is a part of what is recorded: the rest is one step away.
function elsewhereOption(position) {
  const made = element("div", "aside", `Search all records for “${box.value.trim()}”`);
  made.id = `found-${position}`;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  made.dataset.elsewhere = `${data.searchPage}?${new URLSearchParams({ q: box.value.trim() })}`;
  made.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    location.assign(made.dataset.elsewhere);
  });
  return made;
}

function openList() {
  const found = find(box.value);
  const options = found.length ? found.map(option) : [emptyOption()];
  options.push(elsewhereOption(options.length));
  if (!box.value.trim()) options.length = 0;
  list.replaceChildren(...options);
  list.hidden = !options.length;
  box.setAttribute("aria-expanded", String(!list.hidden));
  mark(found.length ? 0 : options.length - 1);
}

function closeList() {
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

let marked = -1;
function mark(position) {
  marked = position;
  [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === position)));
  const item = list.children[position];
  if (!item) return box.removeAttribute("aria-activedescendant");
  box.setAttribute("aria-activedescendant", item.id);
  item.scrollIntoView({ block: "nearest" });
}

function choose(id) {
  closeList();
  box.value = "";
  reveal(id);
  select({ entity: id });
  box.blur();
  if (state.view === "graph") canvas.focus({ preventScroll: true });
}

// What is looked for is shown, whatever the filters say.
function reveal(id) {
  if (shown.nodes.has(id)) return;
  state.hiddenTypes.delete(nodes.get(id).type);
  applyFilters();
  if (shown.nodes.has(id)) checkBoxes();
  else clearFilters();
}

function take(item) {
  if (item?.dataset.entity) choose(item.dataset.entity);
  else if (item?.dataset.elsewhere) location.assign(item.dataset.elsewhere);
}

const searchKeys = {
  ArrowDown: () => mark(Math.min(marked + 1, list.children.length - 1)),
  ArrowUp: () => mark(Math.max(marked - 1, 0)),
  Enter: () => take(list.children[marked]),
  Escape: () => (list.hidden ? box.blur() : closeList()),
};
box.addEventListener("input", openList);
box.addEventListener("focus", () => box.value && openList());
box.addEventListener("blur", closeList);
box.addEventListener("keydown", (event) => {
  const act = searchKeys[event.key];
  if (!act || event.isComposing) return;
  event.preventDefault();
  event.stopPropagation();
  act();
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  box.focus();
  box.select();
});
