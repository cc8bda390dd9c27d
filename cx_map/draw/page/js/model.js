// What the page knows: entities and flows by number, and what each state or comparison has of them.

const core = block("core");
const opening = block("start");
const N = core.id.length;
const edges = core.edges;
const E = edges.source.length;
const MISSING = 2;
const byId = new Map(core.id.map((id, i) => [id, i]));
const feedback = new Uint8Array(E);
for (const e of edges.feedback) feedback[e] = 1;
const faint = new Set(core.faint);

/** Edges by node in two flat lists: those of node i stand at from[i] to from[i + 1]. */
function adjacency(ends) {
  const from = new Int32Array(N + 1);
  for (const i of ends) from[i + 1]++;
  for (let i = 0; i < N; i++) from[i + 1] += from[i];
  const list = new Int32Array(E);
  const next = from.slice();
  ends.forEach((i, e) => { list[next[i]++] = e; });
  return { from, list };
}
const outgoing = adjacency(edges.source);
const incoming = adjacency(edges.target);

function edgesOf(side, i) {
  return side.list.subarray(side.from[i], side.from[i + 1]);
}

const scenes = new Map();

/** What the map shows of a state (`compare` empty), or of what leads to it from the current or the previous one. */
function sceneOf(state, compare) {
  const before = compare === "current" ? 0 : compare === "previous" ? state - 1 : -1;
  const key = before < 0 || before === state ? `${state}` : `${before}>${state}`;
  if (!scenes.has(key)) scenes.set(key, key.includes(">") ? comparison(before, state) : stateScene(state));
  return scenes.get(key);
}

function stateScene(number) {
  const state = core.states[number];
  const scene = {
    has: new Uint8Array(N).fill(1), hasEdge: new Uint8Array(E).fill(1), style: Uint8Array.from(edges.style),
    mark: null, edgeMark: null, note: new Map(), sub: new Map(state.subs), changes: null,
    thick: new Set(state.thick), thickEdges: new Set(state.thickEdges),
  };
  for (const i of state.without) scene.has[i] = 0;
  for (const e of state.edgesWithout) scene.hasEdge[e] = 0;
  for (const [e, style] of state.styles) scene.style[e] = style;
  return counted(scene);
}

function comparison(before, after) {
  const changes = core.changes.find((one) => one.from === before && one.to === after);
  const scene = {
    has: new Uint8Array(N), hasEdge: new Uint8Array(E), style: stateScene(after).style,
    mark: new Array(N).fill(""), edgeMark: new Array(E).fill(""), note: new Map(),
    sub: new Map(core.states[after].subs), changes, thick: new Set(), thickEdges: new Set(),
  };
  for (const i of changes.same) scene.has[i] = 1;
  for (const [i, mark, note] of changes.nodes) {
    scene.has[i] = 1;
    scene.mark[i] = mark;
    if (note) scene.note.set(i, note);
  }
  for (const [e, mark] of changes.edges) {
    scene.hasEdge[e] = 1;
    scene.edgeMark[e] = mark;
  }
  return counted(scene);
}

function counted(scene) {
  scene.entities = scene.has.reduce((sum, one) => sum + one, 0);
  // The place where a loop is broken is no flow.
  scene.flows = scene.hasEdge.reduce((sum, one, e) => sum + (edges.kind[e] === edges.break ? 0 : one), 0);
  return scene;
}

/** Which entities each phase touches: those that differ from the phase before. */
const touchedBy = core.states.map((_, number) => {
  const changes = core.changes.find((one) => one.from === number - 1 && one.to === number);
  return changes ? new Set(changes.nodes.map(([i]) => i)) : null;
});

function stateName(number) {
  const state = core.states[number];
  if (state.id === "current") return t("Current state");
  return state.name || state.id;
}

const kindOf = (i) => core.kinds[core.kind[i]];
const kindClass = (i) => cssName(kindOf(i)[0]);
const laneOf = (i) => core.lanes[core.lane[i]];
const ownerOf = (i) => (core.owner[i] < 0 ? null : core.owners[core.owner[i]]);
const severityOf = (f) => core.severities[core.findings.severity[f]];
const ruleOf = (f) => core.rules[core.findings.rule[f]];

const lowered = [];
/** The name, id, owner and kind of an entity in lower case, for the search. */
function searchable(i) {
  lowered[i] ??= [core.name[i], core.id[i], core.sub[i], kindOf(i)[2], (ownerOf(i) || ["", ""])[1]].join("\n").toLowerCase();
  return lowered[i];
}
