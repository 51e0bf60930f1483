// The list of a static site, filtered while a reader types: every word must be in one of the names.

const field = document.getElementById("search-q");
const items = [...document.querySelectorAll("#hits > li")];

function filterItems() {
  const words = fold(field.value).split(" ").filter(Boolean);
  let matches = 0;
  for (const item of items) {
    item.hidden = !words.every((word) => item.dataset.names.includes(word));
    matches += !item.hidden;
  }
  const total = `${matches.toLocaleString("en")} of ${items.length.toLocaleString("en")} names`;
  document.getElementById("matches").textContent = words.length ? `${total} match` : "";
}

field.value = document.getElementById("q").value =
  new URLSearchParams(location.search).get("q")?.slice(0, 200) ?? "";
field.addEventListener("input", filterItems);
filterItems();
