// Runs in a page before any script of its own: when does the picture come, and when is it still?
// Both pages keep their vis-network where this can find it; both are held to the same rule.
(() => {
  const probe = (window.probe = { shown: null, still: null, frames: null });
  const network = () => window.sightlines?.network ?? window.network;
  // So long must nothing have moved, over so many frames.
  const [REST, FRAMES] = [300, 5];
  let last = null;
  let since = 0;
  let frames = 0;

  // Stock pyvis hides its picture behind a bar until its physics is done.
  const hidden = () => {
    const bar = document.getElementById("loadingBar");
    return bar !== null && getComputedStyle(bar).display !== "none" && bar.style.opacity !== "0";
  };

  function watch(now) {
    const drawn = network()?.getPositions && document.querySelector("canvas")?.width;
    if (drawn && !hidden() && performance.getEntriesByName("first-paint").length) {
      probe.shown ??= now;
      const places = network().getPositions();
      const moved = last === null || Object.keys(places).some(
        (id) => Math.hypot(places[id].x - last[id].x, places[id].y - last[id].y) > 0.1,
      );
      if (moved) [since, frames] = [now, 0];
      last = places;
      frames += 1;
      if (now - since >= REST && frames >= FRAMES) {
        probe.still = since;
        return;
      }
    }
    requestAnimationFrame(watch);
  }
  requestAnimationFrame(watch);

  // The time between frames, while somebody pans.
  probe.record = () => {
    const times = [];
    let running = true;
    let before = performance.now();
    const frame = (now) => {
      times.push(now - before);
      before = now;
      if (running) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    probe.stop = () => {
      running = false;
      return times.slice(1);
    };
  };

  // From a press on the picture (or the pointer's arrival, where that is what is answered) until
  // what it opens has been painted.
  probe.answer = (event, selector) => {
    probe.answered = null;
    let pressed = null;
    const press = ({ timeStamp }) => (pressed = timeStamp);
    addEventListener(event, press, { capture: true, once: true });
    const look = () => {
      const found = document.querySelector(selector);
      const visible = found && getComputedStyle(found).visibility === "visible";
      if (pressed === null || !visible) requestAnimationFrame(look);
      else requestAnimationFrame(() => (probe.answered = performance.now() - pressed));
    };
    look();
  };

  // Where on the screen an entity stands that nothing covers, and a place without anything.
  probe.spot = () => at((node, edge) => node !== undefined);
  probe.empty = () => at((node, edge) => node === undefined && edge === undefined);
  function at(fits) {
    const frame = document.querySelector("canvas").getBoundingClientRect();
    for (let y = 60; y < frame.height - 60; y += 3) {
      for (let x = 60; x < frame.width - 60; x += 3) {
        const on = document.elementFromPoint(frame.x + x, frame.y + y);
        if (on?.tagName !== "CANVAS") continue;
        if (fits(network().getNodeAt({ x, y }), network().getEdgeAt({ x, y }))) {
          return [frame.x + x, frame.y + y];
        }
      }
    }
    return null;
  }
})();
