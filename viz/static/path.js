// The path panel: how two entities are connected, hop by hop.

const CAUTION = t("A chain is not proof of a relationship between its two ends.");

const pathInputs = {
  from: document.getElementById("path-from"),
  to: document.getElementById("path-to"),
};
const alphabetical = [...data.nodes].sort((a, b) => a.label.localeCompare(b.label, "en"));
for (const input of Object.values(pathInputs)) {
  for (const node of alphabetical) input.append(new Option(node.label.slice(0, 80), node.id));
  input.addEventListener("change", onPath);
}

function onPath() {
  const [from, to] = [pathInputs.from.value, pathInputs.to.value];
  if (!from || !to || from === to) return state.path && select({});
  reveal(from);
  reveal(to);
  select({ path: { from, to } });
  fit([...highlight().nodes]);
}

// A single chosen end stays; another selection clears a complete path.
function showPath() {
  const { from, to } = pathInputs;
  const ended = !state.path && from.value && to.value;
  if (state.path || ended) [from.value, to.value] = [state.path?.from ?? "", state.path?.to ?? ""];
}

function startPath(id) {
  pathInputs.from.value = id;
  pathInputs.to.value = "";
  openFilters(true);
  pathInputs.to.focus();
}

function hop(edge, weak) {
  const row = rows.get(edge.id);
  const note = row.querySelector(".status").cloneNode(true);
  const line = element("p", "aside", ...note.childNodes, ` · ${whenOf(edge)} · ${supportOf(edge)}`);
  const heading = element("h3", "", ...sentence(edge));
  const parts = [heading, line, ...cardsOf(edge.id).map(foldedCard)];
  if (weak) parts.splice(1, 0, element("p", "weakest", t("The weakest hop")));
  return element("li", "", ...parts);
}

function pathPanel({ from, to }) {
  const chain = chainOf({ from, to });
  const heading = element("h2", "", nameOf(from, "span"), ` ${t("→")} `, nameOf(to, "span"));
  const parts = [closeButton(), element("p", "kind", t("Path")), heading];
  if (chain.length) {
    const weak = chain.length > 1 ? weakest(chain) : null;
    const best = t("Of all visible chains, its weakest hop is the best supported.");
    const summary = `${count(chain.length, "%(num)s hop.", "%(num)s hops.")} ${weak ? best : ""} ${CAUTION}`;
    parts.push(
      element("p", "caution", summary),
      element("ol", "hops", ...chain.map((edge) => hop(edge, edge === weak))),
    );
  } else {
    parts.push(element("p", "caution", t("No chain of visible connections joins the two.")));
  }
  return [...parts, ...pathLink(from, to)];
}

function pathLink(from, to) {
  if (!data.pathPage) return [];
  const link = element("a", "", t("Search all records for paths between the two"));
  link.href = `${data.pathPage}?${new URLSearchParams({ from, to })}`;
  return [element("p", "", link)];
}
