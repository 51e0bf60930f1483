// A link, a citation, a frame for another page, and paper.

const share = document.getElementById("share");

async function copy(text, button) {
  const before = button.textContent;
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  // Without leave to write to the clipboard, the text itself is still there to be copied.
  const said = done ? "Copied" : "Copy it by hand";
  button.textContent = said;
  say(said);
  setTimeout(() => (button.textContent = before), 2000);
}

// An address that names the snapshot shows the same even when the data have changed.
function lasting() {
  return data.permalink ? new URL(data.permalink, location.href).href + location.hash : location.href;
}

document.getElementById("copy").addEventListener("click", (event) => {
  copy(lasting(), event.currentTarget);
});

// A text to be taken along, with its button.
function snippet(title, text) {
  const area = element("textarea", "");
  area.readOnly = true;
  area.value = text;
  area.rows = Math.min(Math.ceil(text.length / 42) + (text.match(/\n/g)?.length ?? 0), 12);
  area.setAttribute("aria-label", title);
  const button = element("button", "", "Copy");
  button.type = "button";
  button.addEventListener("click", () => copy(text, button));
  return [element("div", "snippet", element("h3", "", title), button), area];
}

function offer(title, ...parts) {
  share.open = false;
  const back = element("button", "close", "Close");
  back.type = "button";
  back.addEventListener("click", fillPanel);
  show(back, element("h2", "", title), ...parts);
  panel.focus();
}

document.getElementById("cite")?.addEventListener("click", () => {
  const given = data.citations[state.tie] ?? data.citations[""];
  if (!given) return offer("Cite", element("p", "", "Select a connection that can be cited."));
  const csl = typeof given.csl === "string" ? given.csl : JSON.stringify(given.csl, null, 1);
  const of = data.citations[state.tie] ? "Cite this connection" : "Cite this page";
  offer(
    of,
    ...snippet("Text", given.text),
    ...snippet("BibTeX", given.bibtex),
    ...snippet("CSL-JSON", csl),
  );
});

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => text.replace(/[&<>"]/g, (letter) => ESCAPES[letter]);

document.getElementById("embed").addEventListener("click", () => {
  const source = address((url) => url.searchParams.set("embed", "1"));
  const title = escaped(document.title);
  const frame =
    `<iframe src="${escaped(source)}" title="${title}" width="720" height="540"` +
    ' loading="lazy"></iframe>';
  offer(
    "Embed",
    element("p", "", "Embed this view, with a link back to this page."),
    ...snippet("HTML", frame),
  );
});

document.getElementById("print").addEventListener("click", () => {
  share.open = false;
  print();
});
share.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !share.open) return;
  share.open = false;
  share.querySelector("summary").focus();
});
document.addEventListener("pointerdown", (event) => {
  if (!share.contains(event.target)) share.open = false;
});

// Paper is light, and the canvas is a picture that no style sheet reaches.
// The panel is printed whole: what is folded away in it would be lost.
let afterPrint = () => {};
addEventListener("beforeprint", () => {
  const theme = root.dataset.theme;
  fillAll();
  const folded = [...document.querySelectorAll(":is(#panel, #legend, #steps) details:not([open])")];
  afterPrint = () => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const details of folded) details.open = false;
    repaint();
  };
  root.dataset.theme = "light";
  for (const details of folded) details.open = true;
  repaint();
});
addEventListener("afterprint", () => afterPrint());
