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

function fold(text) {
  const plain = text.normalize("NFKC").toLowerCase().replaceAll("\u200c", " ").normalize("NFKD");
  const folded = Array.from(plain, foldCharacter).join("").normalize("NFC");
  return folded.trim().replace(/\s+/gu, " ");
}
