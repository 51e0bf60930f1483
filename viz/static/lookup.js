// The list of a static site, filtered while a reader types: every word must be in one of the names.

const field = document.getElementById("search-q");
const items = [...document.querySelectorAll("#hits > li")];

function filterItems() {
  const forms = folds(field.value).map((form) => form.split(" "));
  const matched = ({ names }) => forms.some((words) => words.every((word) => names.includes(word)));
  let matches = 0;
  for (const item of items) {
    item.hidden = forms.length > 0 && !matched(item.dataset);
    matches += !item.hidden;
  }
  const total = `${matches.toLocaleString("en")} of ${items.length.toLocaleString("en")} names`;
  document.getElementById("matches").textContent = forms.length ? `${total} match` : "";
}

field.value = document.getElementById("q").value =
  new URLSearchParams(location.search).get("q")?.slice(0, 200) ?? "";
field.addEventListener("input", filterItems);
filterItems();
