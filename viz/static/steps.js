// A story's steps, and the one in the address. Runs before page.js, which reads the fragment as that
// of a graph page.

const steps = [...document.querySelectorAll(".step")];
const firstStep = stepOf(location.hash);

function stepOf(hash) {
  const number = Number(/^#step-(\d{1,3})$/.exec(hash)?.[1] ?? 0);
  return number >= 1 && number <= steps.length ? number - 1 : null;
}
