// The span of years: a connection is visible if any part of its time lies within it; connections
// without a date are visible while "include undated" is on.

const yearInputs = { from: document.getElementById("from"), to: document.getElementById("to") };
const undatedBox = document.getElementById("undated");
const hasYears = Boolean(yearInputs.from);
const [firstYear, lastYear] = hasYears
  ? [Number(yearInputs.from.min), Number(yearInputs.to.max)]
  : [-Infinity, Infinity];

function inYears(edge) {
  if (edge.first === null && edge.last === null) return state.undated;
  // An end without a date is open.
  return (edge.first ?? -Infinity) <= state.to && (edge.last ?? Infinity) >= state.from;
}

// At the ends of the scale there is no bound.
function setYears(from, to) {
  state.from = from <= firstYear ? -Infinity : from;
  state.to = to >= lastYear ? Infinity : to;
}

function showYears() {
  if (undatedBox) undatedBox.checked = state.undated;
  if (!hasYears) return;
  yearInputs.from.value = Math.max(state.from, firstYear);
  yearInputs.to.value = Math.min(state.to, lastYear);
  const [first, last] = [yearInputs.from.value, yearInputs.to.value];
  document.getElementById("span").value = t("Years %(first)s–%(last)s", { first, last });
  const part = (year) => `${(100 * (year - firstYear)) / (lastYear - firstYear)}%`;
  const { style } = yearInputs.from.parentElement;
  style.setProperty("--from", part(yearInputs.from.value));
  style.setProperty("--to", part(yearInputs.to.value));
}

// One handle pushes the other: the span never turns around.
function onYears(handle) {
  let [from, to] = [Number(yearInputs.from.value), Number(yearInputs.to.value)];
  if (from > to) [from, to] = handle === "from" ? [from, from] : [to, to];
  setYears(from, to);
  showYears();
}

function writeYears(parts) {
  const bounded = state.from > -Infinity || state.to < Infinity;
  if (bounded) parts.set("years", `${yearInputs.from.value}-${yearInputs.to.value}`);
  if (state.undated !== data.undated) parts.set("undated", state.undated ? "yes" : "no");
}

function readYears(parts) {
  const [, from, to] = /^(\d{1,4})-(\d{1,4})$/.exec(parts.get("years") ?? "") ?? [];
  const valid = hasYears && from && Number(from) <= Number(to);
  setYears(valid ? Number(from) : -Infinity, valid ? Number(to) : Infinity);
  const word = undatedBox ? parts.get("undated") : null;
  state.undated = { yes: true, no: false }[word] ?? data.undated;
  showYears();
}
