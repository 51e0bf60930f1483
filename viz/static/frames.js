// Buttons that mark some connections in the picture; a second press removes the mark.

const frameButtons = [...document.querySelectorAll("[data-frame]")];

function press(active) {
  for (const button of frameButtons) button.setAttribute("aria-pressed", String(button === active));
}

for (const button of frameButtons) {
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    select({}, null);
    press(on ? button : null);
    if (!on) return;
    state.frame = frameOfTies(button.dataset.frame.split(" "));
    if (!state.frame) return;
    refresh();
    fit([...state.frame.nodes]);
    announce(count(state.frame.edges.size, "%(num)s connection marked", "%(num)s connections marked"));
  });
}
// Any other selection ends the mark.
network.on("click", () => press(null));
