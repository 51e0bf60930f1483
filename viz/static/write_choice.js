// A field with suggestions: names of entities, of speakers, predicates. The first one is at hand, so
// that Enter takes it; Enter in an empty, closed field goes on.

let choices = 0;

function element(name, properties = {}, ...children) {
  const result = Object.assign(document.createElement(name), properties);
  result.append(...children);
  return result;
}

// `suggest(text)` returns options: { words, note, take }. `chips()` returns what is chosen, each with
// `words` and `remove`. `text()` is what the field shows while nobody types in it.
function choice({ label, help, suggest, chips = () => [], text = () => "", closed = () => false }) {
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
    element("label", { htmlFor: id, textContent: label }), chosen, input, list,
    element("span", { id: `${id}-help`, className: "aside", textContent: help }),
  );
  let options = [];
  let active = 0;
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
    if (!item) return;
    input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  };
  let shownFor = null;
  const query = () => (input.value === text() ? "" : input.value.trim());
  const show = async () => {
    request += 1;
    const mine = request;
    const prefix = query();
    const suggestions = await suggest(prefix);
    if (mine !== request || document.activeElement !== input) return;
    shownFor = prefix;
    options = suggestions;
    active = 0;
    list.replaceChildren(...options.map(({ words: name, note }, index) => {
      const item = element("li", { id: `${id}-${index}` }, element("span", { textContent: name, dir: "auto" }), " ", element("span", { className: "aside", textContent: note ?? "" }));
      item.setAttribute("role", "option");
      // The field keeps the focus.
      item.addEventListener("pointerdown", (event) => event.preventDefault());
      item.addEventListener("click", () => pick(index));
      return item;
    }));
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark();
  };
  const pick = (index) => {
    const option = options[index];
    close();
    input.value = "";
    option.take();
  };
  // Whoever is quicker than the suggestions gets the name that begins so.
  const takeFirst = async () => {
    const prefix = query();
    close();
    input.value = "";
    const [first] = await suggest(prefix);
    if (first?.words.toLowerCase().startsWith(prefix.toLowerCase())) return first.take();
    // Of what only resembles it, and of a new name, somebody chooses who has seen them.
    input.value = prefix;
    return show();
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
  input.addEventListener("input", show);
  input.addEventListener("click", () => list.hidden && show());
  input.addEventListener("blur", () => {
    close();
    input.value = text();
  });
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const keys = {
      ArrowDown: () => (list.hidden ? show() : ((active = Math.min(active + 1, options.length - 1)), mark())),
      ArrowUp: () => ((active = Math.max(active - 1, 0)), mark()),
      Enter: () => {
        if (!list.hidden && shownFor === query()) pick(active);
        else if (query()) takeFirst();
        else if (list.hidden) goOn(input);
      },
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

// The next field of the form.
function goOn(input) {
  const fields = [...byId("form").querySelectorAll("input, select, textarea, summary, button.next")];
  fields.slice(fields.indexOf(input) + 1).find((it) => it.offsetParent)?.focus();
}
