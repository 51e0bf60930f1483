// Touch: one finger scrolls the page, two move and zoom the picture. A wheel zooms where the picture
// fills the window; where the page scrolls, or in a frame, only with Ctrl.

const pageScrolls = root.classList.contains("embed") || Boolean(document.querySelector(".flow"));
const handling = network.interactionHandler.options;

canvas.addEventListener(
  "pointerdown",
  ({ pointerType }) => {
    const mouse = pointerType !== "touch";
    Object.assign(handling, { dragView: mouse, dragNodes: mouse, zoomView: mouse });
  },
  true,
);
canvas.addEventListener("wheel", ({ ctrlKey }) => (handling.zoomView = ctrlKey || !pageScrolls), true);

// The middle of two fingers on the canvas, and their distance.
function gripOf([one, other]) {
  const { left, top } = canvas.getBoundingClientRect();
  return {
    x: (one.clientX + other.clientX) / 2 - left,
    y: (one.clientY + other.clientY) / 2 - top,
    apart: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY),
  };
}

let grip = null;
canvas.addEventListener(
  "touchstart",
  (event) => {
    grip = event.touches.length === 2 ? gripOf(event.touches) : null;
    if (grip) event.preventDefault();
  },
  { passive: false },
);
canvas.addEventListener(
  "touchmove",
  (event) => {
    if (!grip || event.touches.length !== 2) return;
    event.preventDefault();
    const next = gripOf(event.touches);
    // What was between the fingers stays between them.
    const held = network.DOMtoCanvas(grip);
    const scale = within((network.getScale() * next.apart) / Math.max(grip.apart, 1));
    const position = {
      x: held.x - (next.x - canvas.clientWidth / 2) / scale,
      y: held.y - (next.y - canvas.clientHeight / 2) / scale,
    };
    look(position, scale, false);
    grip = next;
    onMove();
  },
  { passive: false },
);
canvas.addEventListener("touchend", () => (grip = null));
