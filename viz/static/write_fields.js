// The plain fields of a claim. Each is saved when somebody leaves it, and while they pause.

const PAUSE = 600;
let fieldNumber = 0;

function labelled(label, control, help = "") {
  fieldNumber += 1;
  control.id = `field${fieldNumber}`;
  const field = element("div", { className: "field" }, element("label", { htmlFor: control.id, textContent: label }), " ");
  if (help) {
    field.append(element("span", { id: `${control.id}-help`, className: "aside", textContent: help }));
    control.setAttribute("aria-describedby", `${control.id}-help`);
  }
  field.append(control);
  return field;
}

// `save(text)` is called with what is new; `value()` is what the files have. `offer()` returns what
// Enter writes into the empty field.
function textField({ label, help, value, save, rows = 0, offer }) {
  const control = rows ? element("textarea", { rows }) : element("input", { type: "text", autocomplete: "off" });
  control.value = value();
  let timer = 0;
  let saved = value();
  const commit = () => {
    clearTimeout(timer);
    const text = control.value.trim().replace(/\s+/g, " ");
    if (text === saved) return;
    saved = text;
    save(text);
  };
  let edited = false;
  control.addEventListener("input", () => {
    edited = true;
    clearTimeout(timer);
    timer = setTimeout(commit, PAUSE);
  });
  control.addEventListener("blur", () => {
    commit();
    turn.then(() => {
      edited = document.activeElement === control;
      if (!waiting.length) update();
    });
  });
  control.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    holdKeys(async () => {
      if (offer && !control.value.trim()) control.value = (await offer()) ?? "";
      commit();
      goOn(control);
    });
  });
  const update = () => {
    // What somebody is typing stays, whatever comes from elsewhere meanwhile.
    if (edited) return;
    saved = value();
    if (control.value.trim() !== saved) control.value = saved;
  };
  return { field: labelled(label, control, help), input: control, update, commit };
}

// `names` are the values with their words; `empty` is the word for none.
function selectField({ label, vocabulary, names = Object.keys(vocabulary), empty, value, save }) {
  const control = element("select");
  if (empty) control.append(element("option", { value: "", textContent: empty }));
  for (const name of names) {
    const { label: word, help } = vocabulary[name];
    control.append(element("option", { value: name, textContent: `${word}: ${help}` }));
  }
  control.addEventListener("change", () => save(control.value));
  control.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    goOn(control);
  });
  const update = () => {
    control.value = value();
  };
  update();
  return { field: labelled(label, control), input: control, update };
}

// Some of several words.
function checkFields({ legend, help, names, value, save }) {
  const boxes = names().map(([name, label]) => {
    const box = element("input", { type: "checkbox", value: name });
    return [box, element("label", {}, box, label)];
  });
  const group = element(
    "fieldset", { className: "field" },
    element("legend", { textContent: legend }),
    element("div", { className: "checks" }, ...boxes.map(([, label]) => label)),
    element("span", { className: "aside", textContent: help }),
  );
  const update = () => {
    for (const [box] of boxes) box.checked = value().includes(box.value);
  };
  group.addEventListener("change", () => save(boxes.filter(([box]) => box.checked).map(([box]) => box.value)));
  update();
  return { field: group, input: boxes[0]?.[0], update };
}

// A date in words, read back. `edtf()` and `note()` are what the files have; `save(edtf, note)`.
function dateField({ label, help, edtf, note, save }) {
  const reading = element("span");
  reading.setAttribute("aria-live", "polite");
  const read = async (text) => {
    if (!text) return save("", "");
    const answer = await ask("date", { query: { source: state.source, q: text } }).catch((error) => error);
    const wrong = answer instanceof Error;
    result.input.setAttribute("aria-invalid", String(wrong));
    if (wrong) return (reading.textContent = answer.message);
    return save(answer.edtf, answer.note || (edtf() === answer.edtf ? note() : ""));
  };
  const result = textField({ label, help, value: edtf, save: read });
  const update = result.update;
  result.update = () => {
    update();
    const text = edtf();
    if (!text || reading.dataset.edtf === text) return void (text || result.input.value || (reading.textContent = ""));
    reading.dataset.edtf = text;
    ask("date", { query: { source: state.source, q: text } }).then(
      ({ words: inWords }) => (reading.textContent = `${t("Read as: %(words)s (%(edtf)s).", { words: inWords, edtf: text })} ${note()}`),
      (error) => (reading.textContent = error.message),
    );
  };
  result.field.append(reading);
  return result;
}

// A part that can be closed.
function closable(title, ...content) {
  return element("details", {}, element("summary", { textContent: title }), ...content);
}
