// Buttons that mark some connections in the picture, and take the mark away again.

const framers = [...document.querySelectorAll("[data-frame]")];

function framed(button) {
  const ties = button.dataset.frame.split(" ").filter((id) => edges.has(id));
  const ends = ties.flatMap((id) => [edges.get(id).from, edges.get(id).to]);
  return { nodes: new Set(ends), edges: new Set(ties) };
}

function press(chosen) {
  for (const button of framers) button.setAttribute("aria-pressed", String(button === chosen));
}

for (const button of framers) {
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    select({}, null);
    press(on ? button : null);
    if (!on) return;
    state.frame = framed(button);
    refresh();
    fit([...state.frame.nodes]);
    say(`${count(state.frame.edges.size, "connection", "connections")} marked`);
  });
}
// Whatever else is selected ends the mark.
network.on("click", () => press(null));
