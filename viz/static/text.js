// A page of text: copy its permalink, and print it.

const statusLine = document.getElementById("status");

document.getElementById("copy")?.addEventListener("click", async ({ currentTarget: button }) => {
  const address = document.getElementById("permalink")?.href ?? location.href;
  const done = await navigator.clipboard?.writeText(address).then(() => true, () => false);
  const before = button.textContent;
  // Without permission to use the clipboard, the link can still be copied by hand.
  button.textContent = statusLine.textContent = done ? t("Copied") : t("Copy it by hand");
  setTimeout(() => (button.textContent = before), 2000);
});
document.getElementById("print")?.addEventListener("click", () => print());

// A closed detail would be lost on paper.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("main details:not([open], .brief)")];
  for (const details of closed) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of closed) details.open = false;
});
