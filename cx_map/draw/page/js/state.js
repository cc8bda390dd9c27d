// What the reader has chosen, in one place; everything on the screen follows from it, and the address keeps it.

const FILTERS = ["line_of_business", "kind", "owner", "severity", "rule", "phase"];
const FOCUS = ["neighbours", "upstream", "downstream", "both", "loop"];
const VIEWS = ["layers", "web"];

const S = {
  view: opening.view, state: opening.state, compare: "", select: -1, to: -1, path: -1, focus: "both", back: false,
  search: "", filters: {}, perspective: opening.perspective, finding: -1, step: -1, tab: "findings", panel: true,
};
const story = block("story");
const watchers = [];

/** Change what is chosen, and let everything that shows it follow. */
function update(changes, { keepCamera = true } = {}) {
  whenWhole(() => apply(changes, keepCamera));
}

function apply(changes, keepCamera) {
  const before = { ...S };
  Object.assign(S, changes);
  if (S.state === 0) S.compare = "";
  if (S.select < 0) { S.to = -1; S.path = -1; }
  if (S.to < 0) S.path = -1;
  for (const watch of watchers) watch(before, keepCamera);
  keepAddress();
}

function scene() {
  return sceneOf(S.state, S.compare);
}

/** What is chosen, and where the map stands, as the part of an address behind the #. */
function address() {
  const parts = new URLSearchParams();
  const put = (key, value) => { if (value !== "" && value !== null && value !== undefined) parts.set(key, value); };
  put("view", S.view === opening.view ? "" : S.view);
  put("state", S.state === opening.state ? "" : core.states[S.state].id);
  put("compare", S.compare);
  put("select", S.select < 0 ? "" : core.id[S.select]);
  put("focus", S.select < 0 || S.focus === "both" ? "" : S.focus);
  put("to", S.to < 0 ? "" : core.id[S.to]);
  put("path", S.path < 0 ? "" : S.path + 1);
  put("feedback", S.back ? 1 : "");
  put("search", S.search);
  for (const name of FILTERS) put(name, S.filters[name]);
  if (S.perspective !== opening.perspective) parts.set("perspective", S.perspective);
  put("finding", S.finding < 0 ? "" : block("findings").print[S.finding]);
  put("step", S.step < 0 ? "" : S.step + 1);
  put("tab", S.tab === "findings" ? "" : S.tab);
  put("panel", S.panel ? "" : "off");
  const place = cameraPlace();
  if (place) put("at", place);
  return parts.toString();
}

/** What an address asks for, as far as this page has it. */
function chosenBy(text) {
  const parts = new URLSearchParams(text.replace(/^#/, ""));
  const known = (key, allowed, other) => (allowed.includes(parts.get(key)) ? parts.get(key) : other);
  const entity = (key) => byId.get(parts.get(key)) ?? -1;
  const state = core.states.findIndex((one) => one.id === parts.get("state") || (one.target && parts.get("state") === "target"));
  const filters = {};
  for (const name of FILTERS) if (parts.get(name)) filters[name] = parts.get(name);
  const step = story ? clamp((parseInt(parts.get("step"), 10) || 0) - 1, -1, story.steps.length - 1) : -1;
  // A link to a step alone means what the step shows.
  if (step >= 0 && [...parts.keys()].every((key) => key === "step" || key === "at")) return chosenIn(story.steps[step], step);
  return {
    view: known("view", VIEWS, opening.view), state: state < 0 ? opening.state : state,
    compare: known("compare", ["current", "previous"], ""), select: entity("select"), to: entity("to"),
    path: (parseInt(parts.get("path"), 10) || 0) - 1, focus: known("focus", FOCUS, "both"), back: parts.has("feedback"),
    search: parts.get("search") || "", filters, perspective: known("perspective", ["", ...core.perspectives.map((one) => one.id)], opening.perspective),
    finding: parts.has("finding") ? findingOf(parts.get("finding"), state < 0 ? opening.state : state) : -1,
    step, tab: known("tab", ["findings", "entities", "details", "notes"], "findings"), panel: parts.get("panel") !== "off",
  };
}

/** The finding of a state with this fingerprint, or of any other state. */
function findingOf(print, state) {
  const prints = block("findings").print;
  return core.states[state].findings.find((f) => prints[f] === print) ?? prints.indexOf(print);
}

let keeping = 0, kept = "";
// What is looked at, not how: the browser's Back leads to the one before.
const spot = () => [S.view, S.state, S.compare, S.select, S.to, S.path, S.finding, S.step].join();

function keepAddress() {
  clearTimeout(keeping);
  keeping = setTimeout(() => {
    const onward = kept && kept !== spot();
    kept = spot();
    try { history[onward ? "pushState" : "replaceState"](null, "", "#" + address()); } catch { /* some browsers forbid it for files */ }
  }, 80);
}
