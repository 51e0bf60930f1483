// A story's steps, and the one that the address asks for. Before the page reads the address as that
// of a picture.

const steps = [...document.querySelectorAll(".step")];
const askedStep = stepOf(location.hash);

function stepOf(hash) {
  const number = Number(/^#step-(\d{1,3})$/.exec(hash)?.[1] ?? 0);
  return number >= 1 && number <= steps.length ? number - 1 : null;
}
