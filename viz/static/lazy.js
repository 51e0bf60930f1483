// Parts of a page that are long stand in noscript elements, which a browser that runs scripts keeps as
// text: what is not looked at is not styled. They become elements when they are opened or printed.

const parsedParts = new WeakMap();

// The elements of such a part, beside the page until they are loaded into it.
function parsedPart(noscript) {
  if (!parsedParts.has(noscript)) {
    parsedParts.set(noscript, new DOMParser().parseFromString(noscript.textContent, "text/html").body);
  }
  return parsedParts.get(noscript);
}

function loadParts(parent) {
  for (const noscript of parent.querySelectorAll("noscript")) {
    noscript.replaceWith(...parsedPart(noscript).childNodes);
  }
}

document.addEventListener("toggle", ({ target }) => loadParts(target), true);
addEventListener("beforeprint", () => loadParts(document));
