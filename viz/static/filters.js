// Check boxes for kinds and for evidence, and the span of years: graph, table and count follow.

function edgePasses(edge) {
  return (
    !state.hiddenStatuses.has(edge.status) &&
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
  const text =
    `${count(visible.nodes.size, "entity", "entities")}, ` +
    `${count(visible.edges.size, "connection", "connections")} shown`;
  document.getElementById("count").textContent = text;
  document.getElementById("none").hidden = visible.edges.size > 0 || !data.edges.length;
  document.getElementById("table-count").textContent = text;
  return text;
}

function clearFilters() {
  state.hiddenTypes.clear();
  state.hiddenStatuses.clear();
  state.undated = true;
  setYears(-Infinity, Infinity);
  showYears();
  checkBoxes();
  applyFilters();
}

const boxes = [...document.querySelectorAll("#legend [data-type], #legend [data-status]")];

function hiddenBy(box) {
  return box.dataset.type ? state.hiddenTypes : state.hiddenStatuses;
}

function checkBoxes() {
  for (const box of boxes) box.checked = !hiddenBy(box).has(box.dataset.type ?? box.dataset.status);
}

for (const box of boxes) {
  box.addEventListener("change", () => {
    const name = box.dataset.type ?? box.dataset.status;
    if (box.checked) hiddenBy(box).delete(name);
    else hiddenBy(box).add(name);
    onFilter();
  });
}
if (hasYears) {
  for (const [name, input] of Object.entries(yearInputs)) {
    input.addEventListener("input", () => {
      onYears(name);
      onFilter();
    });
  }
  undatedBox.addEventListener("change", () => {
    state.undated = undatedBox.checked;
    onFilter();
  });
}

function onFilter() {
  announce(applyFilters());
  if (selectionHidden()) select({});
  else refresh();
  remember("replace");
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
