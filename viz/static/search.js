// The search box: names of every kind and script, folded on both sides.

const MOST_MATCHES = 12;
const searchBox = document.getElementById("search");
const matchList = document.getElementById("matches");

const names = data.nodes.flatMap((node) =>
  node.names.flatMap((text) => folds(text).map((folded) => ({ node, text, folded }))),
);

// 0: the name starts with the query; 1: one of its words does; 2: it contains the query; 3: no match.
function rankName(folded, query) {
  if (folded.startsWith(query)) return 0;
  if (folded.includes(` ${query}`)) return 1;
  return folded.includes(query) ? 2 : 3;
}

// The best name of each entity, the best entities first.
function matchNames(text) {
  const queries = folds(text);
  const best = new Map();
  for (const name of names) {
    const rank = Math.min(...queries.map((query) => rankName(name.folded, query)));
    if (rank < (best.get(name.node.id)?.rank ?? 3)) best.set(name.node.id, { ...name, rank });
  }
  return [...best.values()]
    .sort((a, b) => a.rank - b.rank || b.node.size - a.node.size || (a.node.id < b.node.id ? -1 : 1))
    .slice(0, MOST_MATCHES);
}

function iconOf(type) {
  return document.querySelector(`#types [data-type="${type}"] + .icon`).cloneNode(true);
}

// On pointer down: a click would come after the box has lost the focus.
function onPress(item, act) {
  item.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    act();
  });
}

function option(position, className, ...children) {
  const item = element("div", className, ...children);
  item.id = `match-${position}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  return item;
}

function nameOption({ node, text }, position) {
  const item = option(position, "", iconOf(node.type), nameOf(node.id, "span"));
  if (text !== node.label) {
    const alias = element("span", "aside", text);
    alias.dir = "auto";
    item.append(alias);
  }
  item.dataset.entity = node.id;
  onPress(item, () => choose(node.id));
  return item;
}

function emptyOption() {
  const item = element("div", "aside", t("No such name in this picture."));
  item.setAttribute("role", "option");
  item.setAttribute("aria-disabled", "true");
  return item;
}

// The picture is a part of the records: this option leads to a search of all of them.
function elsewhereOption(position) {
  const query = searchBox.value.trim();
  const item = option(position, "aside", t("Search all records for “%(text)s”", { text: query }));
  item.dataset.elsewhere = `${data.searchPage}?${new URLSearchParams({ q: query })}`;
  onPress(item, () => location.assign(item.dataset.elsewhere));
  return item;
}

function openList() {
  const matches = matchNames(searchBox.value);
  const options = matches.length ? matches.map(nameOption) : [emptyOption()];
  options.push(elsewhereOption(options.length));
  if (!searchBox.value.trim()) options.length = 0;
  matchList.replaceChildren(...options);
  matchList.hidden = !options.length;
  searchBox.setAttribute("aria-expanded", String(!matchList.hidden));
  mark(matches.length ? 0 : options.length - 1);
}

function closeList() {
  matchList.hidden = true;
  searchBox.setAttribute("aria-expanded", "false");
  searchBox.removeAttribute("aria-activedescendant");
}

let activeOption = -1;
function mark(position) {
  activeOption = position;
  const options = [...matchList.children];
  for (const [i, item] of options.entries()) item.setAttribute("aria-selected", String(i === position));
  const item = options[position];
  if (!item) return searchBox.removeAttribute("aria-activedescendant");
  searchBox.setAttribute("aria-activedescendant", item.id);
  item.scrollIntoView({ block: "nearest" });
}

function choose(id) {
  closeList();
  searchBox.value = "";
  reveal(id);
  select({ entity: id });
  searchBox.blur();
  if (state.view === "graph") canvas.focus({ preventScroll: true });
}

// An entity that a reader looks up is visible, whatever the filters are.
function reveal(id) {
  if (visible.nodes.has(id)) return;
  state.hiddenTypes.delete(nodes.get(id).type);
  applyFilters();
  if (visible.nodes.has(id)) checkBoxes();
  else clearFilters();
  if (visible.nodes.has(id)) return;
  // On a picture of one day, only what has no date is still off.
  state.undated = true;
  showYears();
  applyFilters();
}

function follow(item) {
  if (item?.dataset.entity) choose(item.dataset.entity);
  else if (item?.dataset.elsewhere) location.assign(item.dataset.elsewhere);
}

const searchKeys = {
  ArrowDown: () => mark(Math.min(activeOption + 1, matchList.children.length - 1)),
  ArrowUp: () => mark(Math.max(activeOption - 1, 0)),
  Enter: () => follow(matchList.children[activeOption]),
  Escape: () => (matchList.hidden ? searchBox.blur() : closeList()),
};
searchBox.addEventListener("input", openList);
searchBox.addEventListener("focus", () => searchBox.value && openList());
searchBox.addEventListener("blur", closeList);
searchBox.addEventListener("keydown", (event) => {
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
  searchBox.focus();
  searchBox.select();
});
