// The words of scripts: English stands in the code, the page has those of another language.

const WORDS = JSON.parse(document.getElementById("script-words")?.textContent ?? "{}");

function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

// A message in the language of the page, with its values: t("From %(name)s", { name }).
function t(message, values = {}) {
  return filled(WORDS.texts?.[message] ?? message, values);
}
