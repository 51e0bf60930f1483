// A page of text: copy its lasting address, and print it.

const said = document.getElementById("said");

document.getElementById("copy")?.addEventListener("click", async ({ currentTarget: button }) => {
  const address = document.getElementById("permalink")?.href ?? location.href;
  const done = await navigator.clipboard?.writeText(address).then(() => true, () => false);
  const before = button.textContent;
  // Without leave to write to the clipboard, the link itself is still there to be copied.
  button.textContent = said.textContent = done ? "Copied" : "Copy it by hand";
  setTimeout(() => (button.textContent = before), 2000);
});
document.getElementById("print")?.addEventListener("click", () => print());

// What is closed away would be lost on paper.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("main details:not([open])")];
  for (const details of closed) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of closed) details.open = false;
});
