// Copy a link, cite, embed in another page, and print.

const share = document.getElementById("share");

async function copyText(text, button) {
  const before = button.textContent;
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  // Without permission to use the clipboard, the text can still be copied by hand.
  const message = done ? t("Copied") : t("Copy it by hand");
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
  const button = element("button", "", t("Copy"));
  button.type = "button";
  button.addEventListener("click", () => copyText(text, button));
  return [element("div", "snippet", element("h3", "", title), button), area];
}

function openShare(title, ...parts) {
  share.open = false;
  panel.classList.remove("idle");
  const back = element("button", "close", t("Close"));
  back.type = "button";
  back.addEventListener("click", refresh);
  back.dataset.back = "";
  show(back, element("h2", "", title), ...parts);
  for (const area of panel.querySelectorAll("textarea")) area.style.height = `${area.scrollHeight + 4}px`;
  panel.focus();
}

const cite = document.getElementById("cite");
if (!Object.keys(data.citations).length) cite.remove();
cite.addEventListener("click", () => {
  const citation = data.citations[state.tie] ?? data.citations[""];
  if (!citation) return openShare(t("Cite"), element("p", "", t("Select a connection that can be cited.")));
  const csl = typeof citation.csl === "string" ? citation.csl : JSON.stringify(citation.csl, null, 1);
  const heading = data.citations[state.tie] ? t("Cite this connection") : t("Cite this page");
  openShare(
    heading,
    ...snippet(t("Text"), citation.text),
    ...snippet("BibTeX", citation.bibtex),
    ...snippet("CSL-JSON", csl),
  );
});

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text) => text.replace(/[&<>"]/g, (letter) => ESCAPES[letter]);

document.getElementById("embed").addEventListener("click", () => {
  // The address names the snapshot, so that readers learn what has changed since.
  const link = permalink();
  const source = new URL(link);
  source.searchParams.set("embed", "1");
  const title = escapeHtml(pictureTitle());
  const frame =
    `<iframe src="${escapeHtml(source.href)}" title="${title}"` +
    ' style="width:100%;max-width:60rem;height:34rem;max-height:90vh;border:0" loading="lazy"></iframe>\n' +
    `<p><a href="${escapeHtml(link)}">${t("%(title)s: claims and sources at Sightlines", { title })}</a></p>`;
  openShare(
    t("Embed"),
    element("p", "", t("Embed this view, with a link back to this page.")),
    ...snippet("HTML", frame),
  );
});

document.getElementById("print").addEventListener("click", () => {
  share.open = false;
  print();
});
// A press beside an open menu closes it, and is no press on what lies there.
let menuPress = false;
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
document.addEventListener(
  "pointerdown",
  ({ target }) => {
    menuPress = false;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu.contains(target)) continue;
      menu.open = false;
      menuPress = canvas.contains(target);
    }
  },
  true,
);

// Paper is light, and the canvas is a picture that no style sheet reaches. The panel is printed
// whole: a closed detail would be lost on paper.
let afterPrint = () => {};
addEventListener("beforeprint", () => {
  const theme = root.dataset.theme;
  fillAll();
  const folded = [...document.querySelectorAll(":is(#panel, #legend, #steps, .groups) details:not([open])")];
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
