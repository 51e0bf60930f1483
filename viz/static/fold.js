// The folded form of a text, as graph/fold.py makes it. FOLD, its tables, is written by that module.

const FOLD_KINDS = Object.entries(FOLD.categories).map(([result, names]) => [
  new RegExp(`[${names.map((name) => `\\p{${name}}`).join("")}]`, "u"),
  result,
]);
const isDigit = (code) => /\p{Nd}/u.test(String.fromCodePoint(code));

// The digits of a script follow one another, from its zero on.
function digitValue(code) {
  let zero = code;
  while (isDigit(zero - 1)) zero -= 1;
  return String((code - zero) % 10);
}

function foldCharacter(char) {
  const code = char.codePointAt(0);
  if (isDigit(code)) return digitValue(code);
  return FOLD.letters[char] ?? FOLD_KINDS.find(([kind]) => kind.test(char))?.[1] ?? char;
}

// What may separate the parts of a word: see graph/fold.py.
const FOLD_SEPARATORS =
  /(?<=[\p{L}\p{N}])[^\p{L}\p{N}\s]+(?=[\p{L}\p{N}])|(?<![\p{L}\p{N}]{2})(?<=[\p{L}\p{N}])\.\s(?=[\p{L}\p{N}](?![\p{L}\p{N}]))/gu;

function foldComposed(text) {
  const plain = text.replaceAll("\u200c", " ").normalize("NFKD");
  return Array.from(plain, foldCharacter).join("").normalize("NFC").trim().replace(/\s+/gu, " ");
}

const composed = (text) =>
  Array.from(text, (char) => FOLD.signs[char] ?? char).join("").normalize("NFKC").toLowerCase();

// The forms that a text is searched by: with the parts of a word apart, and as one word.
function folds(text) {
  const plain = composed(text);
  const joined = plain.replace(FOLD_SEPARATORS, (separator) => separator.replace(/\P{M}/gu, ""));
  return [...new Set([foldComposed(plain), foldComposed(joined)])].filter(Boolean);
}
