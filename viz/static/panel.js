// The panel: one connection with its claims, or one entity with its connections and claims. The
// claims are clones of the cards that the server wrote into the table.

function cardsOf(id) {
  const row = rows.get(id);
  return row ? [...row.querySelectorAll(".card")] : [];
}

function show(...parts) {
  panel.replaceChildren(...parts);
  panel.scrollTop = 0;
}

function closer() {
  const button = element("button", "close", "Close");
  button.type = "button";
  button.addEventListener("click", () => {
    select({});
    canvas.focus({ preventScroll: true });
  });
  return button;
}

function entityButton(id) {
  const button = element("button", "", nameOf(id, "span"));
  button.type = "button";
  button.addEventListener("click", () => select({ entity: id }));
  return button;
}

function sentence(edge) {
  return [nameOf(edge.from, "span"), ` ${edge.label} `, nameOf(edge.to, "span")];
}

function tiePanel(edge) {
  const row = rows.get(edge.id);
  const status = row.querySelector(".status").cloneNode(true);
  const line = element("p", "aside", ...status.childNodes, ` · ${edge.support}`);
  const record = row.querySelector(".cards > .record");
  return [
    closer(),
    element("p", "kind", `Connection · ${edge.when}`),
    element("h2", "", ...sentence(edge)),
    line,
    element("p", "pair", entityButton(edge.from), entityButton(edge.to)),
    ...cardsOf(edge.id).map((card) => card.cloneNode(true)),
    ...(record ? [record.cloneNode(true)] : []),
  ];
}

function tieItem(edge, id) {
  const outward = edge.from === id;
  const words = `${outward ? edge.label : edge.inverse} `;
  const origins = count(edge.origins, "origin", "origins");
  const tag = element("span", "tag", `${edge.when} · ${origins}`);
  const button = element("button", "", words, nameOf(outward ? edge.to : edge.from), " ", tag);
  button.type = "button";
  button.addEventListener("click", () => select({ tie: edge.id }));
  return element("li", "", button);
}

// Every claim that names the entity, once, those of its connections first.
function claimsOf(id) {
  const found = new Map();
  const add = (card) => found.set(card.dataset.claim, card);
  for (const edge of edgesOf.get(id)) cardsOf(edge.id).forEach(add);
  for (const card of otherCards) if (card.dataset.entities.split(" ").includes(id)) add(card);
  return [...found.values()];
}

// A claim in short: its summary, and the rest of its card when it is opened.
function foldedCard(card) {
  const clone = card.cloneNode(true);
  const short = clone.querySelector(".summary");
  const details = element("details", "", element("summary", "", ...short.childNodes));
  const manner = clone.querySelector(".manner");
  short.remove();
  manner?.remove();
  details.append(...clone.childNodes);
  clone.replaceChildren(...(manner ? [manner] : []), details);
  return clone;
}

function entityPanel(id) {
  const ties = edgesOf.get(id).filter((edge) => shown.edges.has(edge.id));
  const note = notes.get(id).cloneNode(true);
  const heading = element("h2", "", ...note.querySelector("h3").childNodes);
  heading.lang = nodes.get(id).lang;
  heading.dir = "auto";
  note.querySelector("h3").replaceWith(heading);
  const claims = claimsOf(id);
  const onward = element("button", "", "Find a path from here");
  onward.type = "button";
  onward.addEventListener("click", () => startPath(id));
  const parts = [closer(), note, element("p", "pair onward", onward)];
  if (ties.length) {
    const list = element("ul", "ties", ...ties.map((edge) => tieItem(edge, id)));
    parts.push(element("h3", "", "Connections"), list);
  }
  if (claims.length) {
    const title = element("h3", "", count(claims.length, "claim", "claims"));
    parts.push(title, ...claims.map(foldedCard));
  }
  return parts;
}

const intro = document.getElementById("intro");
const leading = byDegree.slice(0, 6).map((node) => {
  const button = entityButton(node.id);
  const ties = count(edgesOf.get(node.id).length, "connection", "connections");
  button.prepend(iconOf(node.type), " ");
  button.append(" ", element("span", "tag", ties));
  return element("li", "", button);
});
if (leading.length) intro.append(element("ul", "ties", ...leading));
else intro.lastElementChild.remove();

function fillPanel() {
  if (state.tie) show(...tiePanel(edges.get(state.tie)));
  else if (state.path) show(...pathPanel(state.path));
  else if (state.entity) show(...entityPanel(state.entity));
  else show(intro);
}
