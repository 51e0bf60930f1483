// What the page asks the program, and the steps that it has not taken: none is lost.

const words = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

// The token stands in the fragment of the address, which no server is sent; a reload has it from here.
const TOKEN = "sightlines-token";
const fragment = new URLSearchParams(location.hash.slice(1)).get("token");
if (fragment) {
  sessionStorage.setItem(TOKEN, fragment);
  history.replaceState(null, "", location.pathname);
}
const token = fragment ?? sessionStorage.getItem(TOKEN) ?? "";

// The files as they were last seen, and the steps that wait: those that were refused or not answered.
let state = { version: "", sources: [], claims: [], paragraphs: [], labels: {}, shared: [], replaced: {} };
let waiting = [];

const GONE = t("The program does not answer. What you did is kept in this browser: start it again.");

async function ask(path, { method = "GET", query = {}, body } = {}) {
  const headers = { Authorization: `Bearer ${token}`, "If-Match": state.version };
  if (body) headers["Content-Type"] = "application/json";
  const address = `api/${path}?${new URLSearchParams(query)}`;
  const request = { method, headers, body: body && JSON.stringify(body) };
  const answer = await fetch(address, request).catch(() => null);
  if (!answer) throw Object.assign(new Error(GONE), { status: 0 });
  const value = await answer.json().catch(() => ({}));
  if (answer.ok) return value;
  const detail = typeof value.detail === "string" ? value.detail : t("The program answers %(status)s.", { status: answer.status });
  throw Object.assign(new Error(detail), { status: answer.status });
}

// Steps are taken one after the other, each on the version that the last one left.
let turn = Promise.resolve();

function take(step) {
  turn = turn.then(() => run(step));
  return turn;
}

async function run(step) {
  // What could not be saved comes first; after a conflict a person decides.
  if (waiting.length && !waiting.conflict) await retry();
  return waiting.length ? hold([step], waiting.problem) : send(step);
}

async function send(step, rest = []) {
  try {
    if (step.make) step.body = step.make();
    const answer = await ask(step.path, { ...step, query: { source: state.source } });
    showState(answer);
    step.after?.(answer);
    return answer;
  } catch (error) {
    return hold([step, ...rest], error);
  }
}

async function hold(steps, error) {
  if (error.status === 422) {
    // It makes no sense: to do it again would not help.
    showProblem(error.message, false);
    return null;
  }
  const conflict = error.status === 412;
  waiting = Object.assign([...waiting, ...steps], { problem: error, conflict });
  keepWaiting();
  if (conflict) await reload();
  showProblem(`${error.message} ${t("Not saved: %(steps)s.", { steps: waiting.map((it) => it.label).join("; ") })}`, true);
  return null;
}

const keptUnder = () => `sightlines-write ${state.folder}`;

function keepWaiting() {
  const plain = waiting.map(({ path, method, body, label, spans }) => ({ path, method, body, label, spans }));
  if (plain.length) localStorage.setItem(keptUnder(), JSON.stringify(plain));
  else localStorage.removeItem(keptUnder());
}

// A step on a claim is taken again only on that claim: by its passages.
function isThere(step) {
  if (step.spans === undefined) return true;
  const { file, number } = step.body;
  const claim = state.claims.find(({ place }) => place?.file === file && place.number === number);
  return JSON.stringify(claim?.spans) === step.spans;
}

// The steps that wait, in their order, until one fails.
async function retry() {
  const [step, ...rest] = waiting;
  keepWaiting();
  waiting = [];
  if (!step) {
    byId("problem").hidden = true;
    return;
  }
  if (!isThere(step)) {
    waiting = rest;
    keepWaiting();
    showProblem(t("The claim is no longer there. Not saved: %(steps)s.", { steps: step.label }), rest.length > 0);
    return;
  }
  await send(step, rest);
  if (waiting.length) return;
  waiting = rest;
  await retry();
}

async function reload(source = state.source ?? "") {
  const answer = await ask("state", { query: { source } }).catch((error) => error);
  if (answer instanceof Error) showProblem(answer.message, false);
  else showState(answer);
}

function showProblem(text, again) {
  byId("problem-text").textContent = text;
  byId("again").hidden = !again;
  byId("problem").hidden = false;
}

byId("again").addEventListener("click", () => {
  turn = turn.then(retry);
});
byId("leave").addEventListener("click", () => {
  waiting = [];
  keepWaiting();
  byId("problem").hidden = true;
  showState(state);
});

function say(text) {
  byId("status").textContent = text;
}

// Another window, an editor: the page follows them, between two steps.
function follow() {
  turn = turn.then(readVersion);
  return turn;
}

async function readVersion() {
  const answer = await ask("version").catch((error) => error);
  if (answer instanceof Error) {
    if (!waiting.length) showProblem(answer.message, false);
    return;
  }
  if (waiting.length && waiting.problem.status === 0) await retry();
  else if (byId("problem-text").textContent === GONE) byId("problem").hidden = true;
  if (answer.version === state.version) return;
  await reload();
  say(t("The files were changed elsewhere. The page shows them as they are now."));
}
