// Names while a reader types, in the browser's own list of suggestions: from the server, in every
// script. A name that is chosen opens its page, or fills the field of a form that asks for more.

const suggestions = document.querySelector("form.find")?.dataset;

function suggestFor(field) {
  const list = document.createElement("datalist");
  list.id = `${field.id}-names`;
  field.after(list);
  field.setAttribute("list", list.id);
  let turn = 0;
  field.addEventListener("input", async () => {
    const chosen = [...list.children].find((item) => item.value === field.value);
    if (chosen && !field.closest(".query-form")) return location.assign(chosen.dataset.page);
    const text = field.value.trim();
    const mine = (turn += 1);
    if (!text || chosen) return list.replaceChildren();
    const query = new URLSearchParams({ q: text.slice(0, 100), limit: "8" });
    const answer = await fetch(`${suggestions.suggest}?${query}`).then((it) => (it.ok ? it.json() : null), () => null);
    // A later letter has asked anew.
    if (!answer || mine !== turn) return;
    list.replaceChildren(...answer.results.map(suggestedName));
  });
}

function suggestedName({ id, label, matched }) {
  const item = document.createElement("option");
  item.value = label;
  if (matched.text !== label) item.label = `${label} (${matched.text})`;
  item.dataset.page = suggestions.entity + encodeURIComponent(id);
  return item;
}

if (suggestions?.suggest) {
  for (const field of document.querySelectorAll("form:not(.cypher) input[type=search]")) suggestFor(field);
}
