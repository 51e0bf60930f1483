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
  const total = count(matches, "%(num)s of %(all)s names match", "%(num)s of %(all)s names match", {
    all: items.length.toLocaleString("en"),
  });
  document.getElementById("matches").textContent = forms.length ? total : "";
}

field.value = document.getElementById("q").value =
  new URLSearchParams(location.search).get("q")?.slice(0, 200) ?? "";
field.addEventListener("input", filterItems);
filterItems();
