// A pair that may be one entity: a letter gives the answer while an answer has the focus.

const answers = document.getElementById("answers");

answers?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const key = event.key.toLowerCase();
  const button = [...answers.querySelectorAll("button")].find((it) => it.dataset.key === key);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});
