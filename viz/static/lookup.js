// The list of a static site, narrowed as somebody types: every word must stand in one of the names.

const field = document.getElementById("search-q");
const items = [...document.querySelectorAll("#hits > li")];

// As graph.fold has it, as far as a browser can: no accents, no case, letters and digits only.
function folded(text) {
  const bare = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return bare.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

function narrow() {
  const words = folded(field.value).split(" ").filter(Boolean);
  let left = 0;
  for (const item of items) {
    item.hidden = !words.every((word) => item.dataset.names.includes(word));
    left += !item.hidden;
  }
  const said = `${left.toLocaleString("en")} of ${items.length.toLocaleString("en")} names`;
  document.getElementById("found").textContent = words.length ? `${said} match` : "";
}

field.value = document.getElementById("q").value =
  new URLSearchParams(location.search).get("q")?.slice(0, 200) ?? "";
field.addEventListener("input", narrow);
narrow();
