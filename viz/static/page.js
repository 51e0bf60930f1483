// Everything together: what is selected, the address that says so, and the buttons.

const root = document.documentElement;

// Select an entity, a tie, or nothing; the address keeps it, and Back undoes it.
function select({ entity = null, tie = null }, keep = "push") {
  const changed = entity !== state.entity || tie !== state.tie;
  Object.assign(state, { entity, tie });
  if (entity) state.cursor = entity;
  refresh();
  if (!changed) return;
  if (keep) remember(keep);
  tell();
}

function tell() {
  const edge = edges.get(state.tie);
  if (edge) say(`${nodes.get(edge.from).label} ${edge.label} ${nodes.get(edge.to).label}: evidence opened`);
  else if (state.entity) say(`${nodes.get(state.entity).label}: evidence opened`);
  else say("Nothing selected");
}

function refresh() {
  restyle();
  fillPanel();
  for (const [id, row] of rows) row.classList.toggle("chosen", id === state.tie);
}

function setView(view) {
  state.view = view;
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-view][aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
}

// The address after "#". Only what differs from a fresh page is written.
function writeHash() {
  const parts = new URLSearchParams();
  if (state.tie) parts.set("tie", state.tie);
  if (state.entity && state.entity !== data.focus) parts.set("entity", state.entity);
  if (!state.tie && !state.entity && data.focus) parts.set("entity", "");
  if (state.hiddenTypes.size) parts.set("without", [...state.hiddenTypes].sort().join(" "));
  if (state.hiddenStatuses.size) parts.set("hide", [...state.hiddenStatuses].sort().join(" "));
  writeYears(parts);
  if (state.view !== "graph") parts.set("view", state.view);
  return String(parts);
}

function remember(how) {
  const hash = writeHash();
  if (hash === location.hash.slice(1)) return;
  history[`${how}State`](null, "", hash ? `#${hash}` : location.pathname + location.search);
}

// What an address says is taken only where the page knows it; the rest is ignored.
function readHash() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const known = (name, allowed) =>
    new Set((parts.get(name) ?? "").split(" ").filter((word) => allowed.has(word)));
  state.hiddenTypes = known("without", new Set(boxes.map((b) => b.dataset.type)));
  state.hiddenStatuses = known("hide", new Set(boxes.map((b) => b.dataset.status)));
  readYears(parts);
  applyFilters();
  checkBoxes();
  setView(parts.get("view") === "table" ? "table" : "graph");
  const tie = shown.edges.has(parts.get("tie")) ? parts.get("tie") : null;
  const entity = parts.get("entity") ?? data.focus;
  select({ tie, entity: !tie && shown.nodes.has(entity) ? entity : null }, null);
}

function lookAtStart() {
  const main = state.entity ?? edges.get(state.tie)?.from ?? data.focus ?? byDegree[0]?.id;
  const whole = !narrow.matches || !main || shown.nodes.size <= 8;
  if (whole) return fit([...shown.nodes], false);
  // A small screen starts on the main entity, near enough to tell what is around it.
  fit(neighbourhood(main), false);
  if (network.getScale() < 0.75) look(network.getPositions([main])[main], 0.75, false);
}

function neighbourhood(id) {
  return [...new Set([id, ...edgesOf.get(id).flatMap((edge) => [edge.from, edge.to])])];
}

network.on("click", ({ pointer }) => {
  const entity = network.getNodeAt(pointer.DOM) ?? null;
  const tie = entity ? null : network.getEdgeAt(pointer.DOM) ?? null;
  select({ entity, tie });
});

document.getElementById("rows")?.addEventListener("click", (event) => {
  if (!event.target.closest("a, summary, .cards")) {
    select({ tie: event.target.closest("tr").dataset.tie });
  }
});
for (const button of document.querySelectorAll("[data-view][aria-pressed]")) {
  button.addEventListener("click", () => {
    setView(button.dataset.view);
    remember("replace");
  });
}
const zooms = { in: () => zoomBy(1.3), out: () => zoomBy(1 / 1.3), fit: () => fit([...shown.nodes]) };
for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", zooms[button.dataset.zoom]);
}
document.querySelector("[data-go]").addEventListener("click", (event) => {
  event.preventDefault();
  setView("table");
  document.getElementById("table").focus();
});

document.getElementById("copy").addEventListener("click", async (event) => {
  const button = event.currentTarget;
  const done = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  // Without leave to write to the clipboard, the address itself is still there to be copied.
  const text = done ? "Copied" : "Copy it from the address bar";
  button.textContent = text;
  say(text);
  setTimeout(() => (button.textContent = "Copy link"), 2000);
});

const themeButton = document.getElementById("theme");
const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ?? (darkSystem.matches ? "dark" : "light")) === "dark";

function followTheme() {
  themeButton.textContent = isDark() ? "Light" : "Dark";
  repaint();
}

themeButton.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("sightlines-theme", root.dataset.theme);
  } catch {
    // Kept for this page only.
  }
  followTheme();
});
darkSystem.addEventListener("change", followTheme);

// Paper is light, and the canvas is a picture that no style sheet reaches.
// The panel is printed whole: what is folded away in it would be lost.
let afterPrint = () => {};
addEventListener("beforeprint", () => {
  const theme = root.dataset.theme;
  const folded = [...panel.querySelectorAll("details:not([open])")];
  afterPrint = () => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const details of folded) details.open = false;
    repaint();
  };
  root.dataset.theme = "light";
  for (const details of folded) details.open = true;
  repaint();
});
addEventListener("afterprint", () => afterPrint());

addEventListener("popstate", readHash);
network.on("resize", () => moved || lookAtStart());
readHash();
followTheme();
lookAtStart();

// For the console and for tests: where things stand and what is drawn.
window.sightlines = { network, state, shown, labels: () => labelled.map((l) => l.text.join(" ")) };
