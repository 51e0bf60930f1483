// Parts of a page that are long stand in noscript elements, which a browser that runs scripts keeps as
// text: what is not looked at is not styled. They become elements when they are opened or printed.

const parsedParts = new WeakMap();

// What the pages of a static site share of claims, by the keys of its places (viz/part_script.py).
const siteParts = new Map();
for (const [base, parts] of window.siteParts ?? []) {
  for (const [key, html] of Object.entries(parts)) siteParts.set(key, { base, html });
}

// Fills the places of such parts. One whose part is missing keeps its link to the page that has it.
function fillPlaces(parent) {
  for (const place of parent.querySelectorAll("[data-part]")) {
    const { base, html } = siteParts.get(place.dataset.part) ?? {};
    if (!html) continue;
    const template = document.createElement("template");
    template.innerHTML = html;
    const part = template.content;
    for (const link of part.querySelectorAll("a")) link.href = new URL(link.getAttribute("href"), base);
    if (place.id) part.firstElementChild.id = place.id;
    place.replaceWith(part);
  }
  return parent;
}

// The elements of such a part, beside the page until they are loaded into it.
function parsedPart(noscript) {
  if (!parsedParts.has(noscript)) {
    const { body } = new DOMParser().parseFromString(noscript.textContent, "text/html");
    parsedParts.set(noscript, fillPlaces(body));
  }
  return parsedParts.get(noscript);
}

function loadParts(parent) {
  for (const noscript of parent.querySelectorAll("noscript")) {
    noscript.replaceWith(...parsedPart(noscript).childNodes);
  }
}

fillPlaces(document);
document.addEventListener("toggle", ({ target }) => loadParts(target), true);
addEventListener("beforeprint", () => loadParts(document));
