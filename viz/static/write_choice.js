// A field with suggestions: names of entities, of speakers, predicates. Where one is needed, the first
// is at hand, so that Enter takes it and goes on; with Shift, the field waits for another one.

let choices = 0;

function element(name, properties = {}, ...children) {
  const result = Object.assign(document.createElement(name), properties);
  result.append(...children);
  return result;
}

// Keys that are pressed while a step is on its way: they belong to the field that comes after it.
let queue = null;

async function holdKeys(action) {
  if (queue) return action();
  queue = [];
  await action().catch(() => null);
  const keys = queue;
  queue = null;
  while (keys.length) {
    if (queue) return void queue.push(...keys);
    press(keys.shift());
  }
}

function press({ key, shiftKey, ctrlKey, metaKey }) {
  const target = document.activeElement;
  if (key === "Tab") goOn(target);
  else if (key.length === 1 && target.matches("input, textarea")) document.execCommand("insertText", false, key);
  else if (target.matches("button, summary") && [" ", "Enter"].includes(key)) target.click();
  else target.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, ctrlKey, metaKey, bubbles: true, cancelable: true }));
}

document.addEventListener("keydown", (event) => {
  const command = (event.ctrlKey || event.metaKey || event.altKey) && event.key !== "Enter";
  if (!queue || event.isComposing || command || ["Shift", "Control", "Meta", "Alt"].includes(event.key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  queue.push(event);
}, true);

// `suggest(text)` returns options: { words, note, take }, or { words, note, fill } for one that only
// fills the field. `chips()` returns what is chosen, each with `words` and `remove`. `text()` is what
// the field shows while nobody types in it. `ready()`: Enter takes the first option of an empty field;
// otherwise it goes on. `goesOn()`: so it does when an option was taken.
function choice({ label, help, suggest, chips = () => [], text = () => "", closed = () => false, ready = () => true, goesOn = () => false }) {
  choices += 1;
  const id = `choice${choices}`;
  const input = element("input", { id, type: "text", autocomplete: "off", spellcheck: false });
  const list = element("ul", { id: `${id}-list`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", t("Suggestions for %(label)s", { label }));
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    "aria-describedby": `${id}-help`,
  })) input.setAttribute(name, value);
  const chosen = element("ul", { className: "chips" });
  const field = element(
    "div", { className: "field choice" },
    element("label", { htmlFor: id, textContent: label }), " ",
    element("span", { id: `${id}-help`, className: "aside", textContent: help }), chosen, input, list,
  );
  let options = [];
  let active = 0;
  // What somebody has gone to with the arrows stays chosen when the suggestions come anew.
  let moved = "";
  let request = 0;

  const close = () => {
    request += 1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = () => {
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === active)));
    const item = list.children[active];
    if (!item) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", item.id);
    return item.scrollIntoView({ block: "nearest" });
  };
  const move = (by) => {
    active = active < 0 && by < 0 ? options.length - 1 : (active + by + options.length) % options.length;
    moved = options[active].words;
    mark();
  };
  let shownFor = null;
  let coming = Promise.resolve();
  const query = () => (input.value === text() ? "" : input.value.trim());
  const show = () => (coming = load());
  const load = async () => {
    request += 1;
    const mine = request;
    const prefix = query();
    // What was chosen before is no suggestion any more.
    await turn;
    const suggestions = await suggest(prefix);
    if (mine !== request || document.activeElement !== input) return;
    shownFor = prefix;
    options = suggestions;
    active = options.findIndex(({ words: name }) => name === moved);
    if (active < 0 && (prefix || ready())) active = 0;
    list.replaceChildren(...options.map(({ words: name, note }, index) => {
      const item = element("li", { id: `${id}-${index}` }, element("span", { textContent: name, dir: "auto" }), " ", element("span", { className: "aside", textContent: note ?? "" }));
      item.setAttribute("role", "option");
      // The field keeps the focus.
      item.addEventListener("pointerdown", (event) => event.preventDefault());
      item.addEventListener("click", (event) => holdKeys(() => pick(index, event.shiftKey)));
      return item;
    }));
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark();
  };
  const pick = async (index, stays) => {
    const option = options[index];
    moved = "";
    close();
    if (option.fill) {
      input.value = option.fill;
      return show();
    }
    input.value = "";
    await option.take();
    if (document.activeElement !== input) return null;
    return !stays && goesOn() ? goOn(input) : show();
  };
  const enter = async (stays) => {
    const upToDate = !list.hidden && shownFor === query();
    await coming;
    const [first] = options;
    if (!list.hidden && active >= 0 && (upToDate || options[active].words === moved)) return pick(active, stays);
    // Whoever is quicker than the suggestions gets the name that begins so. Of what only resembles
    // it, and of a new name, somebody chooses who has seen them.
    if (query()) return first?.words.toLowerCase().startsWith(query().toLowerCase()) ? pick(0, stays) : null;
    if (!list.hidden && active >= 0) return null;
    close();
    return goOn(input);
  };
  const update = () => {
    chosen.replaceChildren(...chips().map(({ words: name, remove }) => {
      const button = element("button", { type: "button", textContent: "×" });
      button.setAttribute("aria-label", t("Remove %(name)s", { name }));
      button.addEventListener("click", () => {
        remove();
        input.focus();
        close();
      });
      return element("li", {}, element("span", { textContent: name, dir: "auto" }), button);
    }));
    chosen.hidden = !chosen.children.length;
    if (document.activeElement !== input || !input.value) input.value = text();
  };

  input.addEventListener("focus", () => {
    input.select();
    if (!closed()) show();
  });
  input.addEventListener("input", () => {
    moved = "";
    show();
  });
  input.addEventListener("click", () => list.hidden && show());
  input.addEventListener("blur", () => {
    moved = "";
    close();
    input.value = text();
  });
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const keys = {
      ArrowDown: () => (list.hidden ? show() : move(1)),
      ArrowUp: () => list.hidden || move(-1),
      Enter: () => holdKeys(() => enter(event.shiftKey)),
    };
    if (!list.hidden) keys.Escape = close;
    if (event.key === "Backspace" && !input.value) chips().at(-1)?.remove();
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  update();
  return { field, input, update };
}

// The next field of its form; the record of a document that is cited is open where it is new.
function goOn(input) {
  const fields = [...input.form.querySelectorAll("input, select, textarea, summary:not(.record), button.next")];
  fields.slice(fields.indexOf(input) + 1).find((it) => it.offsetParent)?.focus();
}
