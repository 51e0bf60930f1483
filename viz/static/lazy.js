// Parts of a page that are long stand in noscript elements, which a browser that runs scripts keeps as
// text: what is not looked at is not styled. They become elements when they are opened or printed.

const parsedParts = new WeakMap();

// The cards that the pages of a static site share, by the ids of their claims (viz/claim_script.py).
const claimCards = new Map();
for (const [address, cards] of window.claimCards ?? []) {
  for (const [id, html] of Object.entries(cards)) claimCards.set(id, { address, html });
}

// Puts the cards in their places. A place without one keeps its link to the page that has it.
function fillCards(part) {
  for (const place of part.querySelectorAll("[data-claim]")) {
    const { address, html } = claimCards.get(place.dataset.claim) ?? {};
    if (!html) continue;
    const card = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    for (const link of card.querySelectorAll("a")) link.href = new URL(link.getAttribute("href"), address);
    if (place.id) card.id = place.id;
    place.replaceWith(card);
  }
  return part;
}

// The elements of such a part, beside the page until they are loaded into it.
function parsedPart(noscript) {
  if (!parsedParts.has(noscript)) {
    const { body } = new DOMParser().parseFromString(noscript.textContent, "text/html");
    parsedParts.set(noscript, fillCards(body));
  }
  return parsedParts.get(noscript);
}

function loadParts(parent) {
  for (const noscript of parent.querySelectorAll("noscript")) {
    noscript.replaceWith(...parsedPart(noscript).childNodes);
  }
}

fillCards(document);
document.addEventListener("toggle", ({ target }) => loadParts(target), true);
addEventListener("beforeprint", () => loadParts(document));
