// Copy a link, cite, embed in another page, and print.

const share = document.getElementById("share");

async function copyText(text, button) {
  const before = button.textContent;
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  // Without permission to use the clipboard, the text can still be copied by hand.
  const message = done ? "Copied" : "Copy it by hand";
  button.textContent = message;
  announce(message);
  setTimeout(() => (button.textContent = before), 2000);
}

// An address that names the snapshot, so that a later visitor learns what has changed since.
function permalink() {
  return data.permalink ? new URL(data.permalink, location.href).href + location.hash : location.href;
}

document.getElementById("copy").addEventListener("click", (event) => {
  copyText(permalink(), event.currentTarget);
});

// A text with a button that copies it.
function snippet(title, text) {
  const area = element("textarea", "");
  area.readOnly = true;
  area.value = text;
  area.rows = Math.min(Math.ceil(text.length / 42) + (text.match(/\n/g)?.length ?? 0), 12);
  area.setAttribute("aria-label", title);
  const button = element("button", "", "Copy");
  button.type = "button";
  button.addEventListener("click", () => copyText(text, button));
  return [element("div", "snippet", element("h3", "", title), button), area];
}

function openShare(title, ...parts) {
  share.open = false;
  const back = element("button", "close", "Close");
  back.type = "button";
  back.addEventListener("click", fillPanel);
  show(back, element("h2", "", title), ...parts);
  panel.focus();
}

document.getElementById("cite")?.addEventListener("click", () => {
  const citation = data.citations[state.tie] ?? data.citations[""];
  if (!citation) return openShare("Cite", element("p", "", "Select a connection that can be cited."));
  const csl = typeof citation.csl === "string" ? citation.csl : JSON.stringify(citation.csl, null, 1);
  const heading = data.citations[state.tie] ? "Cite this connection" : "Cite this page";
  openShare(
    heading,
    ...snippet("Text", citation.text),
    ...snippet("BibTeX", citation.bibtex),
    ...snippet("CSL-JSON", csl),
  );
});

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text) => text.replace(/[&<>"]/g, (letter) => ESCAPES[letter]);

document.getElementById("embed").addEventListener("click", () => {
  const source = address((url) => url.searchParams.set("embed", "1"));
  const title = escapeHtml(document.title);
  const frame =
    `<iframe src="${escapeHtml(source)}" title="${title}" width="720" height="540"` +
    ' loading="lazy"></iframe>';
  openShare(
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

// Paper is light, and the canvas is a picture that no style sheet reaches. The panel is printed
// whole: a closed detail would be lost on paper.
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
