// How two entities are connected, over what is shown: the chain whose weakest hop is strongest (its
// status, then its origins), then the shortest. Which way a tie points does not matter.

const CAUTION = "A chain is not proof of a relationship between its two ends.";

const rankOf = (edge) => data.statuses[edge.status].rank;
const otherEnd = (edge, id) => (edge.from === id ? edge.to : edge.from);
const falling = (numbers) => [...new Set(numbers)].sort((a, b) => b - a);

// The fewest hops over these edges, as edges in their order; null where there is no way.
function shortest(from, to, kept) {
  const cameBy = new Map([[from, null]]);
  for (const here of cameBy.keys()) {
    if (here === to) return walkBack(to, cameBy);
    for (const edge of edgesOf.get(here)) {
      const next = otherEnd(edge, here);
      if (kept.has(edge) && !cameBy.has(next)) cameBy.set(next, edge);
    }
  }
  return null;
}

function walkBack(to, cameBy) {
  const chain = [];
  for (let here = to; cameBy.get(here); here = otherEnd(chain[0], here)) {
    chain.unshift(cameBy.get(here));
  }
  return chain;
}

function chainOf({ from, to }) {
  const open = data.edges.filter((edge) => shown.edges.has(edge.id));
  for (const rank of falling(open.map(rankOf))) {
    const strong = open.filter((edge) => rankOf(edge) >= rank);
    if (!shortest(from, to, new Set(strong))) continue;
    for (const origins of falling(strong.map((edge) => edge.origins))) {
      const chain = shortest(from, to, new Set(strong.filter((edge) => edge.origins >= origins)));
      if (chain) return chain;
    }
  }
  return [];
}

function weakest(chain) {
  const weaker = (a, b) => rankOf(a) - rankOf(b) || a.origins - b.origins;
  return [...chain].sort(weaker)[0];
}

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
  fit([...lit().nodes]);
}

// One end that is chosen stays chosen; another selection ends a whole path.
function showPath() {
  const { from, to } = pathInputs;
  const over = !state.path && from.value && to.value;
  if (state.path || over) [from.value, to.value] = [state.path?.from ?? "", state.path?.to ?? ""];
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
  if (weak) parts.splice(1, 0, element("p", "weakest", "The weakest hop"));
  return element("li", "", ...parts);
}

function pathPanel({ from, to }) {
  const chain = chainOf({ from, to });
  const heading = element("h2", "", nameOf(from, "span"), " → ", nameOf(to, "span"));
  const parts = [closer(), element("p", "kind", "Path"), heading];
  if (chain.length) {
    const weak = chain.length > 1 ? weakest(chain) : null;
    const best = "Of all visible chains, its weakest hop is the best supported.";
    const said = `${count(chain.length, "hop", "hops")}. ${weak ? best : ""} ${CAUTION}`;
    parts.push(
      element("p", "caution", said),
      element("ol", "hops", ...chain.map((edge) => hop(edge, edge === weak))),
    );
  } else {
    parts.push(element("p", "caution", "No chain of visible connections joins the two."));
  }
  return [...parts, ...pathLink(from, to)];
}

function pathLink(from, to) {
  if (!data.pathPage) return [];
  const link = element("a", "", "Search all records for paths between the two");
  link.href = `${data.pathPage}?${new URLSearchParams({ from, to })}`;
  return [element("p", "", link)];
}
