// Check boxes for kinds and for evidence, and the span of years: graph, table and count follow.

function edgePasses(edge) {
  return (
    !state.hiddenStatuses.has(edge.status) &&
    !state.hiddenRelations.has(edge.type) &&
    !(edge.disputed && state.hiddenStatuses.has("disputed")) &&
    !state.hiddenTypes.has(nodes.get(edge.from).type) &&
    !state.hiddenTypes.has(nodes.get(edge.to).type) &&
    inYears(edge)
  );
}

// An entity is hidden with its kind, or when the filters hide all of its connections.
function nodePasses(node) {
  if (state.hiddenTypes.has(node.type)) return false;
  const ties = edgesOf.get(node.id);
  return !ties.length || node.id === data.focus || ties.some((edge) => visible.edges.has(edge.id));
}

function applyFilters() {
  visible.edges = new Set(data.edges.filter(edgePasses).map((edge) => edge.id));
  visible.nodes = new Set(data.nodes.filter(nodePasses).map((node) => node.id));
  for (const [id, row] of rows) row.hidden = !visible.edges.has(id);
  for (const [id, note] of notes) note.hidden = !visible.nodes.has(id);
  const text = t("%(entities)s, %(connections)s shown", {
    entities: count(visible.nodes.size, "%(num)s entity", "%(num)s entities"),
    connections: count(visible.edges.size, "%(num)s connection", "%(num)s connections"),
  });
  const off = state.undated ? 0 : data.edges.filter((edge) => edge.first === null && edge.last === null).length;
  judge();
  showOut();
  document.getElementById("count").textContent =
    text +
    (off ? `; ${count(off, "%(num)s undated connection is off", "%(num)s undated connections are off")}` : "") +
    fateInWords();
  document.getElementById("none").hidden = visible.edges.size > 0 || !data.edges.length;
  document.getElementById("table-count").textContent = text;
  return text;
}

function clearFilters() {
  state.hiddenTypes.clear();
  state.hiddenStatuses.clear();
  state.hiddenRelations.clear();
  state.out.clear();
  state.undated = data.undated;
  setYears(-Infinity, Infinity);
  showYears();
  checkBoxes();
  applyFilters();
}

const boxes = [...document.querySelectorAll(".more :is([data-type], [data-status], [data-relation])")];
const nameOfBox = ({ dataset }) => dataset.type ?? dataset.status ?? dataset.relation;
const relationBoxes = boxes.filter((box) => box.dataset.relation);
const relationMenu = document.getElementById("relations");

function hiddenBy({ dataset }) {
  if (dataset.relation) return state.hiddenRelations;
  return dataset.type ? state.hiddenTypes : state.hiddenStatuses;
}

function checkBoxes() {
  for (const box of boxes) box.checked = !hiddenBy(box).has(nameOfBox(box));
  if (!relationMenu) return;
  const off = state.hiddenRelations.size;
  const all = relationBoxes.length;
  const on = t("Relations: %(number)s of %(all)s", { number: all - off, all });
  relationMenu.firstElementChild.textContent = off ? on : t("Relations");
}

for (const box of boxes) {
  box.addEventListener("change", () => {
    if (box.checked) hiddenBy(box).delete(nameOfBox(box));
    else hiddenBy(box).add(nameOfBox(box));
    checkBoxes();
    onFilter("push");
  });
}
for (const button of relationMenu?.querySelectorAll("[data-all]") ?? []) {
  button.addEventListener("click", () => {
    const all = relationBoxes.map((box) => box.dataset.relation);
    state.hiddenRelations = new Set(button.dataset.all ? [] : all);
    checkBoxes();
    onFilter("push");
  });
}
let spanBefore = null;
if (hasYears) {
  for (const [name, input] of Object.entries(yearInputs)) {
    input.addEventListener("input", () => {
      onYears(name);
      onFilter("replace");
    });
    // The span that a drag ends with is a step in the history, not each that it passes.
    input.addEventListener("pointerdown", () => (spanBefore = location.hash));
    input.addEventListener("change", () => {
      const after = location.hash;
      if (spanBefore === null || spanBefore === after) return;
      history.replaceState(null, "", spanBefore || location.pathname + location.search);
      history.pushState(null, "", after || location.pathname + location.search);
      spanBefore = null;
    });
  }
}
undatedBox?.addEventListener("change", () => {
  state.undated = undatedBox.checked;
  onFilter("push");
});

function onFilter(historyMethod) {
  announce(applyFilters());
  if (selectionHidden()) select({}, null);
  else refresh();
  remember(historyMethod);
}

// Whether the filters hide the selection.
function selectionHidden() {
  return (
    (state.entity && !visible.nodes.has(state.entity)) ||
    (state.tie && !visible.edges.has(state.tie)) ||
    (state.path && !(visible.nodes.has(state.path.from) && visible.nodes.has(state.path.to)))
  );
}

// On a small screen everything but the search box is folded away.
const filtersButton = document.getElementById("filters");
function openFilters(open) {
  document.getElementById("more").classList.toggle("open", open);
  filtersButton.setAttribute("aria-expanded", String(open));
}
filtersButton.addEventListener("click", () => {
  openFilters(filtersButton.getAttribute("aria-expanded") !== "true");
});
