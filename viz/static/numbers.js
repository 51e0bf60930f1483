// A message with a number, `num`, in the form that the language has for it.
function count(number, one, many, values = {}) {
  const form = WORDS.forms?.[number < 200 ? number : 100 + (number % 100)] ?? Number(number !== 1);
  const text = (WORDS.counts?.[one] ?? [one, many])[form];
  return filled(text, { num: number.toLocaleString("en"), ...values });
}
