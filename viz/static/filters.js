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

// An entity goes with its kind, or when the filters leave none of its connections.
function nodePasses(node) {
  if (state.hiddenTypes.has(node.type)) return false;
  const ties = edgesOf.get(node.id);
  return !ties.length || node.id === data.focus || ties.some((edge) => shown.edges.has(edge.id));
}

function applyFilters() {
  shown.edges = new Set(data.edges.filter(edgePasses).map((edge) => edge.id));
  shown.nodes = new Set(data.nodes.filter(nodePasses).map((node) => node.id));
  for (const [id, row] of rows) row.hidden = !shown.edges.has(id);
  for (const [id, note] of notes) note.hidden = !shown.nodes.has(id);
  const text =
    `${count(shown.nodes.size, "entity", "entities")}, ` +
    `${count(shown.edges.size, "connection", "connections")} shown`;
  document.getElementById("count").textContent = text;
  document.getElementById("none").hidden = shown.edges.size > 0 || !data.edges.length;
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
  say(applyFilters());
  if (lost()) select({});
  else refresh();
  remember("replace");
}

// Whether the filters took away what is selected.
function lost() {
  return (
    (state.entity && !shown.nodes.has(state.entity)) ||
    (state.tie && !shown.edges.has(state.tie)) ||
    (state.path && !(shown.nodes.has(state.path.from) && shown.nodes.has(state.path.to)))
  );
}

// On a small screen all but the search box is folded away.
const filtersButton = document.getElementById("filters");
function openFilters(open) {
  document.getElementById("more").classList.toggle("open", open);
  filtersButton.setAttribute("aria-expanded", String(open));
}
filtersButton.addEventListener("click", () => {
  openFilters(filtersButton.getAttribute("aria-expanded") !== "true");
});
