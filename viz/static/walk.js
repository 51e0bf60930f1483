// A story: the picture frames the entities and ties of the current step. Keys, buttons and scrolling
// move between steps; a reader's own selection lasts until the next step.

function startStory() {
  const where = document.getElementById("where");
  const [backward, onward] = ["back", "forward"].map((id) => document.getElementById(id));
  const theEnd = document.querySelector(".the-end");
  let stepNumber = null;
  // The step that a jump scrolls to; steps that it passes on the way do not become current.
  let target = null;

  // A step without a line has the whole picture.
  function frameOf(step) {
    const ids = (name) => step.dataset[name].split(" ").filter(Boolean);
    const ties = ids("ties").filter((id) => edges.has(id));
    const ends = ties.flatMap((id) => [edges.get(id).from, edges.get(id).to]);
    return ties.length ? { nodes: new Set([...ids("entities"), ...ends]), edges: new Set(ties) } : null;
  }

  // An entity that no marked line reaches would only make the rest smaller.
  const inView = () => {
    const marked = [...(state.frame?.edges ?? [])].map((id) => edges.get(id));
    return marked.length ? marked.flatMap(({ from, to }) => [from, to]) : [...visible.nodes];
  };

  function arrive(index, historyMethod = "replace") {
    if (index === stepNumber) return;
    const first = stepNumber === null;
    stepNumber = index;
    const step = steps[index];
    Object.assign(state, { entity: null, tie: null, path: null, frame: frameOf(step) });
    document.body.classList.add("stepping");
    refresh();
    fit(inView());
    for (const other of steps) other.classList.toggle("here", other === step);
    step.querySelector(".evidence").open = true;
    where.textContent = t("Step %(number)s of %(total)s", { number: index + 1, total: steps.length });
    backward.disabled = index === 0;
    onward.disabled = index === steps.length - 1;
    // A fragment that is set before the page has loaded makes the browser scroll to it.
    const hash = `#step-${index + 1}`;
    if (!first && location.hash !== hash) history[`${historyMethod}State`](null, "", hash);
  }

  // After the last step the whole picture stands as it is.
  function leave() {
    stepNumber = steps.length;
    Object.assign(state, { entity: null, tie: null, path: null, frame: null });
    refresh();
    fit(inView());
  }

  function go(index, focus = false) {
    if (index < 0 || index >= steps.length) return;
    target = index;
    arrive(index, "push");
    steps[index].scrollIntoView({ behavior: still.matches ? "auto" : "smooth", block: "start" });
    if (focus) steps[index].focus({ preventScroll: true });
    announce(t("Step %(number)s: %(title)s", { number: index + 1, title: steps[index].querySelector("h2").textContent }));
  }

  const observer = new IntersectionObserver(
    (entries) => {
      const crossing = entries.find((entry) => entry.isIntersecting);
      if (!crossing) return;
      if (crossing.target === theEnd) return target === null ? leave() : undefined;
      const index = steps.indexOf(crossing.target);
      if (target !== null && index !== target) return;
      target = null;
      arrive(index);
    },
    // The current step is the one that crosses a line in the column, or in the window of a small screen.
    narrow.matches
      ? { rootMargin: "-62% 0px -37% 0px" }
      : { root: document.getElementById("steps"), rootMargin: "-25% 0px -74% 0px" },
  );

  // Scrolling by hand ends a jump.
  for (const name of ["wheel", "touchmove"]) {
    addEventListener(name, () => (target = null), { passive: true });
  }
  backward.addEventListener("click", () => go(stepNumber - 1));
  onward.addEventListener("click", () => go(stepNumber + 1));
  const moves = { ArrowLeft: -1, ArrowRight: 1, k: -1, j: 1 };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!moves[event.key] || event.target.closest("input, select, textarea, [role=application]")) return;
    event.preventDefault();
    go(stepNumber + moves[event.key], true);
  });
  addEventListener("hashchange", () => {
    const index = stepOf(location.hash);
    if (index !== null) go(index);
  });
  // A selection in the picture opens in the panel.
  for (const name of ["click", "keydown"]) {
    canvas.addEventListener(name, () => {
      if (!state.frame) document.body.classList.remove("stepping");
    });
  }
  network.on("click", () => document.body.classList.remove("stepping"));

  for (const step of steps) {
    step.querySelector(".evidence").open = false;
    observer.observe(step);
  }
  observer.observe(theEnd);

  // On paper each step has its picture; `share` has made the theme a light one by now.
  let afterSteps = () => {};
  addEventListener("beforeprint", () => {
    if (!canvas.clientWidth) return;
    const before = { frame: state.frame, position: network.getViewPosition(), scale: network.getScale() };
    const pictures = steps.map((step) => {
      state.frame = frameOf(step);
      refresh();
      network.moveTo(fitted(inView()));
      network.redraw();
      pictured = picturedParts();
      const drawing = svgPicture(0);
      pictured = visible;
      drawing.classList.add("of-step");
      step.querySelector(".step-text").after(drawing);
      return drawing;
    });
    document.body.classList.add("with-pictures");
    afterSteps = () => {
      for (const drawing of pictures) drawing.remove();
      document.body.classList.remove("with-pictures");
      state.frame = before.frame;
      refresh();
      network.moveTo(before);
      network.redraw();
    };
  });
  addEventListener("afterprint", () => afterSteps());
  arrive(0);
  if (firstStep) go(firstStep);
}

if (steps.length) startStory();
