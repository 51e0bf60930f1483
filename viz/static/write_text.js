// The text: what is covered is marked, and words are selected with the pointer or with keys.

const passage = byId("passage");

// Offsets of the program count code points, those of a browser UTF-16 units.
const toUnits = (text, points) => Array.from(text).slice(0, points).join("").length;
const toPoints = (text, units) => Array.from(text.slice(0, units)).length;

// All words and sentences of the text, in order: paragraph from 0, start and end in units.
let wordsOf = [];
let sentences = [];

function pieces(granularity) {
  const lang = state.sources.find(({ id }) => id === state.source)?.lang ?? "en";
  const segmenter = new Intl.Segmenter(lang, { granularity });
  return state.paragraphs.flatMap((text, paragraph) =>
    Array.from(segmenter.segment(text))
      .filter(({ isWordLike }) => isWordLike !== false)
      .map(({ index, segment }) => ({ paragraph, start: index, end: index + segment.length })),
  );
}

function showText() {
  wordsOf = pieces("word");
  sentences = pieces("sentence");
  passage.lang = state.sources.find(({ id }) => id === state.source)?.lang ?? "en";
  passage.replaceChildren(
    ...state.paragraphs.map((_, index) => {
      const paragraph = document.createElement("p");
      paragraph.id = `p${index + 1}`;
      paragraph.dir = "auto";
      return paragraph;
    }),
  );
}

// What is covered, by paragraph, and by the open claim: anew after every step.
let coverage = [];

function showCover(current) {
  const held = selectedRange();
  const covered = state.paragraphs.map(() => []);
  for (const claim of state.claims) {
    for (const [number, start, end] of claim.spans) covered[number - 1]?.push({ start, end, now: claim === current });
  }
  coverage = covered.map((spans, index) => {
    const text = state.paragraphs[index];
    return spans.map((span) => ({ ...span, start: toUnits(text, span.start), end: toUnits(text, span.end) }));
  });
  coverage.forEach((inUnits, index) => {
    const text = state.paragraphs[index];
    const key = JSON.stringify(inUnits);
    const paragraph = passage.children[index];
    paragraph.classList.toggle("bare", !inUnits.length);
    if (paragraph.dataset.spans === key) return;
    paragraph.dataset.spans = key;
    paragraph.replaceChildren(...marked(text, inUnits));
  });
  const bare = covered.filter((spans) => !spans.length).length;
  byId("cover").textContent = count(
    bare, "%(num)s of %(all)s paragraphs have no claim", "%(num)s of %(all)s paragraphs have no claim", { all: covered.length },
  );
  if (held && passage.contains(document.activeElement)) select(held);
}

function marked(text, spans) {
  const edges = [0, text.length, ...spans.flatMap(({ start, end }) => [start, end])];
  const places = [...new Set(edges)].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => {
    const start = places[index];
    const over = spans.filter((span) => span.start <= start && end <= span.end);
    const part = document.createTextNode(text.slice(start, end));
    if (!over.length) return part;
    const mark = document.createElement("mark");
    mark.classList.toggle("now", over.some(({ now }) => now));
    mark.append(part);
    return mark;
  });
}

// A place in the page to one in a paragraph, and back.
function placeOf(node, offset) {
  const paragraph = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("#passage > p");
  if (!paragraph) return null;
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  range.setEnd(node, offset);
  return { paragraph: [...passage.children].indexOf(paragraph), offset: range.toString().length };
}

function nodeAt(paragraph, offset) {
  const walker = document.createTreeWalker(passage.children[paragraph], NodeFilter.SHOW_TEXT);
  let left = offset;
  let node = walker.nextNode();
  while (node && node.length < left) {
    left -= node.length;
    node = walker.nextNode();
  }
  return [node ?? passage.children[paragraph], node ? left : 0];
}

// The selected words, whole, as the indices of the first and the last one.
function selectedRange() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!passage.contains(range.startContainer) || !passage.contains(range.endContainer)) return null;
  const [start, end] = [placeOf(range.startContainer, range.startOffset), placeOf(range.endContainer, range.endOffset)];
  if (!start || !end) return null;
  const first = wordsOf.findIndex((it) => it.paragraph > start.paragraph || (it.paragraph === start.paragraph && it.end > start.offset));
  const last = wordsOf.findLastIndex((it) => it.paragraph < end.paragraph || (it.paragraph === end.paragraph && it.start < end.offset));
  return first >= 0 && first <= last ? [first, last] : null;
}

function select([first, last], backwards = false) {
  const [from, to] = [wordsOf[first], wordsOf[last]];
  const [start, end] = [nodeAt(from.paragraph, from.start), nodeAt(to.paragraph, to.end)];
  if (backwards) getSelection().setBaseAndExtent(...end, ...start);
  else getSelection().setBaseAndExtent(...start, ...end);
  const edge = passage.children[(backwards ? from : to).paragraph];
  edge.scrollIntoView({ block: "nearest" });
}

// The passages that are selected, one for each paragraph: number, start and end in code points.
function selectedSpans() {
  const range = selectedRange();
  if (!range) return [];
  const [from, to] = range.map((index) => wordsOf[index]);
  const spans = [];
  for (let index = from.paragraph; index <= to.paragraph; index += 1) {
    const text = state.paragraphs[index];
    const start = index === from.paragraph ? from.start : 0;
    const end = index === to.paragraph ? withEnd(text, to.end) : text.length;
    spans.push([index + 1, toPoints(text, start), toPoints(text, end)]);
  }
  return spans;
}

// A sentence keeps its full stop.
function withEnd(text, end) {
  const rest = /^[.!?…。！？؟]+["'”’»)\]]*/u.exec(text.slice(end));
  return rest ? end + rest[0].length : end;
}

const quoted = (spans) =>
  spans.map(([number, start, end]) => Array.from(state.paragraphs[number - 1] ?? "").slice(start, end).join("")).join(" … ");

document.addEventListener("selectionchange", () => {
  const spans = selectedSpans();
  byId("selection").hidden = !spans.length;
  byId("selected").textContent = spans.length ? `“${quoted(spans)}”` : "";
});

// Keys. The anchor stays where Shift was pressed first.
let anchor = 0;

function moveTo(index, extend) {
  const last = Math.max(0, Math.min(index, wordsOf.length - 1));
  if (!extend) anchor = last;
  select([Math.min(anchor, last), Math.max(anchor, last)], last < anchor);
  focusWord = last;
  say(quoted(selectedSpans()));
}

let focusWord = 0;

const firstOf = (paragraph) => wordsOf.findIndex((it) => it.paragraph >= paragraph);
const lastOf = (paragraph) => wordsOf.findLastIndex((it) => it.paragraph <= paragraph);

// The first and the last word of a sentence.
const wordsIn = ({ paragraph, start, end }) => [
  wordsOf.findIndex((it) => it.paragraph === paragraph && it.start >= start),
  wordsOf.findLastIndex((it) => it.paragraph === paragraph && it.end <= end),
];

// The sentence at the last selected word; where it is selected whole, the next one as well.
function takeSentence() {
  const range = selectedRange() ?? [focusWord, focusWord];
  const sentence = (index) =>
    sentences.find((it) => it.paragraph === wordsOf[index].paragraph && it.start <= wordsOf[index].start && wordsOf[index].end <= it.end);
  const [first, end] = wordsIn(sentence(range[0]));
  let last = Math.max(end, wordsIn(sentence(range[1]))[1]);
  if (first === range[0] && last === range[1] && last + 1 < wordsOf.length) last = wordsIn(sentence(last + 1))[1];
  anchor = first;
  moveTo(last, true);
}

// The next sentence on which no claim rests, from the selection on.
function nextBare() {
  const bare = sentences
    .filter(({ paragraph, start, end }) => !coverage[paragraph].some((span) => span.start < end && start < span.end))
    .map(wordsIn)
    .filter(([first, last]) => first >= 0 && first <= last);
  const [here] = selectedRange() ?? [-1];
  const next = bare.find(([first]) => first > here) ?? bare[0];
  passage.focus();
  if (!next) return say(t("Every sentence has a claim."));
  anchor = next[0];
  return moveTo(next[1], true);
}

passage.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !wordsOf.length) return;
  const range = selectedRange();
  const at = range && (focusWord < range[0] || focusWord > range[1]) ? range[1] : focusWord;
  const paragraph = wordsOf[at].paragraph;
  const extend = event.shiftKey;
  if (extend && range && anchor !== range[0] && anchor !== range[1]) anchor = range[0];
  const keys = {
    ArrowRight: () => moveTo(range ? at + 1 : at, extend),
    ArrowLeft: () => moveTo(range ? at - 1 : at, extend),
    ArrowDown: () => moveTo(extend ? lastOf(at === lastOf(paragraph) ? paragraph + 1 : paragraph) : firstOf(range ? paragraph + 1 : paragraph), extend),
    ArrowUp: () => moveTo(firstOf(at === firstOf(paragraph) ? paragraph - 1 : paragraph), extend),
    Home: () => moveTo(firstOf(paragraph), extend),
    End: () => moveTo(lastOf(paragraph), extend),
    " ": takeSentence,
    Enter: () => beginClaim(),
    a: () => addWords(),
    n: nextBare,
  };
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

byId("uncovered").addEventListener("click", nextBare);
