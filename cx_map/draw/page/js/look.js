// How each entity and flow looks now: filtered, in focus, marked, with which badges, in which words.

/** The sizes of the words on cards, by how near the map is: the further away, the larger and the fewer they are. */
const LEVELS = {
  layers: [{ from: 0.74 }, { from: 0.54, size: 16, lines: 2 }, { from: 0.42, size: 20, lines: 1 }, { from: 0.27, size: 27, lines: 1 }],
  web: [{ from: 0.72 }, { from: 0.48, size: 13.5, lines: 2 }, { from: 0.32, size: 19, lines: 1 }],
};
const BADGE_SIZES = [9, 13, 16, 21];
const FAR = 9;

/** The width of the coloured bar of a card: on the web a thin one without its code, where names need the room. */
const stripeAt = (level) => (S.view === "web" && level > 0 ? 7 : viewData().stripe);

function levelAt(k) {
  const found = LEVELS[S.view].findIndex((one) => k >= one.from);
  return found < 0 ? FAR : found;
}

/** The findings that the filters leave, of the state that is shown; solved ones too where states are compared. */
function shownFindings() {
  return allFindings().filter(passesFinding);
}

/** The findings of the state, or of what a comparison shows: those of the later state, and those that it solves. */
function allFindings() {
  const own = core.states[S.state].findings;
  const changes = scene().changes;
  return changes && changes.solved ? [...own, ...changes.solved] : own;
}

function passesFinding(f) {
  const { severity, rule } = S.filters;
  if (severity && severityOf(f)[0] !== severity) return false;
  if (rule && ruleOf(f)[0] !== rule) return false;
  const i = core.findings.subject[f];
  const asks = S.filters.line_of_business || S.filters.kind || S.filters.owner || S.filters.phase;
  if (asks && (i < 0 || !passesEntity(i))) {
    if (i >= 0 || S.filters.line_of_business || S.filters.phase) return false;
    if (S.filters.kind && block("findings").kind[f] !== S.filters.kind) return false;
    if (S.filters.owner && block("findings").owner[f] !== ownerName(S.filters.owner)) return false;
  }
  if (S.search) {
    const texts = block("findings");
    const words = S.search.toLowerCase();
    const own = `${texts.message[f]}\n${texts.subject[f]}\n${ruleOf(f).join("\n")}\n${texts.owner[f]}`.toLowerCase();
    return own.includes(words) || (i >= 0 && searchable(i).includes(words));
  }
  return true;
}

const ownerName = (id) => (core.owners.find(([one]) => one === id) || [id, id])[1];

function passesEntity(i) {
  const { line_of_business: lane, kind, owner, phase } = S.filters;
  if (lane && laneOf(i)[0] !== lane) return false;
  if (kind && kindOf(i)[0] !== kind) return false;
  if (owner && (ownerOf(i) || [""])[0] !== owner) return false;
  if (phase) {
    const number = core.states.findIndex((one) => one.id === phase);
    if (number < 0 || !touchedBy[number] || !touchedBy[number].has(i)) return false;
  }
  return true;
}

const filtering = () => FILTERS.some((name) => S.filters[name]) || S.search !== "";

/** What is in focus: nodes and flows, or null where nothing is chosen; `paths` and `rounds` are for the panel. */
function inFocus(shown) {
  if (S.finding >= 0) return ofFinding(shown, S.finding);
  if (S.select < 0 || !shown.has[S.select]) return null;
  if (S.to >= 0) {
    const { paths, cut } = pathsBetween(shown, S.select, S.to, S.back);
    const chosen = S.path >= 0 && paths[S.path] ? [paths[S.path]] : paths;
    const result = found([S.select, S.to], chosen.flat());
    for (const e of result.flows) { result.nodes.add(edges.source[e]); result.nodes.add(edges.target[e]); }
    return { ...result, paths, cut };
  }
  if (S.focus === "neighbours") return neighbours(shown, S.select);
  if (S.focus === "loop") return loops(shown, S.select);
  const up = S.focus !== "downstream" ? reach(shown, S.select, incoming, S.back) : found([], []);
  const down = S.focus !== "upstream" ? reach(shown, S.select, outgoing, S.back) : found([], []);
  return found([...up.nodes, ...down.nodes], [...up.flows, ...down.flows]);
}

/** A finding's subject, what it is related to, and the flows of its proof. */
function ofFinding(shown, f) {
  const proof = block("proofs")[f];
  const result = found([], []);
  const put = (id) => { const i = byId.get(id); if (i !== undefined && shown.has[i]) result.nodes.add(i); return i; };
  if (core.findings.subject[f] >= 0) result.nodes.add(core.findings.subject[f]);
  if (core.findings.edge[f] >= 0) result.flows.add(core.findings.edge[f]);
  for (const id of proof.related || []) put(id);
  for (const [from, , to] of proof.path || []) {
    const a = put(from), b = put(to);
    if (a === undefined || b === undefined) continue;
    // A proof tells its steps in its own direction; the map may draw the same flow the other way.
    for (const e of edgesOf(outgoing, a)) if (edges.target[e] === b && shown.hasEdge[e]) result.flows.add(e);
    for (const e of edgesOf(incoming, a)) if (edges.source[e] === b && shown.hasEdge[e]) result.flows.add(e);
  }
  for (const e of result.flows) { result.nodes.add(edges.source[e]); result.nodes.add(edges.target[e]); }
  return result.nodes.size ? result : null;
}

let look = null;

/** Works out how everything looks. O(entities + flows + findings) */
function refreshLook() {
  const shown = scene();
  const focus = inFocus(shown);
  const findings = shownFindings();
  const badges = badgesOf(findings);
  const quiet = new Uint8Array(N);
  const narrowed = filtering();
  let matching = 0;
  for (let i = 0; i < N; i++) {
    const match = shown.has[i] && (!narrowed || matches(i, badges));
    matching += match ? 1 : 0;
    quiet[i] = focus ? !focus.nodes.has(i) : !match;
  }
  look = { shown, focus, findings, badges, quiet, narrowed, matching, heat: heatNow() };
}

/** Whether the filters and the search leave an entity; by severity and rule it is its findings that count. */
function matches(i, badges) {
  if (!passesEntity(i)) return false;
  if ((S.filters.severity || S.filters.rule) && !badges.own.has(i)) return false;
  return !S.search || searchable(i).includes(S.search.toLowerCase()) || badges.own.has(i);
}

/** Badges by entity and by flow: a rule's code, how bad, how many; and which entities have findings at all. */
function badgesOf(findings) {
  const nodes = new Map(), flows = new Map(), own = new Set();
  const common = new Set(core.states[S.state].common.map((rule) => core.rules[rule][0]));
  const changes = scene().changes;
  const solved = new Set(changes && changes.solved ? changes.solved : []);
  for (const f of findings) {
    const i = core.findings.subject[f], e = core.findings.edge[f];
    if (i >= 0) own.add(i);
    const code = ruleOf(f)[0];
    if ((common.has(code) && S.filters.rule !== code) || solved.has(f)) continue;
    const [where, at] = e >= 0 ? [flows, e] : [nodes, i];
    if (at < 0) continue;
    if (!where.has(at)) where.set(at, new Map());
    const known = where.get(at).get(code);
    const severity = core.findings.severity[f];
    where.get(at).set(code, { code, severity: known ? Math.min(known.severity, severity) : severity, count: (known ? known.count : 0) + 1 });
  }
  for (const where of [nodes, flows]) {
    for (const [at, codes] of where) where.set(at, [...codes.values()].sort((a, b) => a.severity - b.severity || (a.code < b.code ? -1 : 1)));
  }
  return { nodes, flows, own };
}

/** The chosen perspective in this state: by entity a share from 0 to 1 (null: not known) and what it says. */
function heatNow() {
  const chosen = core.perspectives.find((one) => one.id === S.perspective);
  return chosen ? new Map(chosen.values[S.state].map(([i, share, text]) => [i, { share, text }])) : null;
}

const measuring = document.createElement("canvas").getContext("2d");
const FONT = getComputedStyle(root).getPropertyValue("--font") || "sans-serif";
const charWidths = new Map();

/** The width of a text in bold at a size, in units: the sum of its characters, each measured once. */
function widthOf(text, size) {
  let sum = 0;
  for (const char of text) {
    if (!charWidths.has(char)) {
      measuring.font = `700 100px ${FONT}`;
      charWidths.set(char, measuring.measureText(char).width / 100);
    }
    sum += charWidths.get(char);
  }
  return sum * size;
}

/** The beginning of a text that fits a width, with an ellipsis where it is cut. */
function fitted(text, room, size) {
  if (widthOf(text, size) <= room) return text;
  const chars = Array.from(text);
  let low = 0, high = chars.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widthOf(chars.slice(0, middle).join("") + "…", size) <= room) low = middle;
    else high = middle - 1;
  }
  return low ? chars.slice(0, low).join("").trimEnd() + "…" : "";
}

function inTwo(text, room, size) {
  if (widthOf(text, size) <= room) return [text];
  const words = text.split(" ");
  let first = "";
  while (words.length > 1 && widthOf(`${first} ${words[0]}`.trim(), size) <= room) first = `${first} ${words.shift()}`.trim();
  return first ? [first, fitted(words.join(" "), room, size)] : [fitted(text, room, size)];
}

/** The lines of text of a card at a level: what, where from the card's corner, how big, and of which sort. */
function cardTexts(i, level) {
  const view = viewData();
  const card = view.cards[i];
  const mark = look.shown.mark ? look.shown.mark[i] : "";
  const sign = core.signs[mark] || "";
  const stripe = stripeAt(level), middle = stripe / 2, [, , w, h] = card;
  const code = kindOf(i)[1];
  const { size, lines: most } = LEVELS[S.view][level];
  if (!size) {
    const lines = view.patterns[card[4]].map(([role, x, y, own], n) => {
      const sub = mark ? look.shown.note.get(i) : look.shown.sub.get(i);
      return { role, x, y, size: own, text: role === "sub" && sub ? fitted(sub.split("\n")[0], w - x - 6, own * 0.94) : card[5 + n] };
    });
    const small = h < 38 && S.view === "web";
    if (sign) lines.push({ role: "sign", x: middle, y: h / 2 - (small ? 1 : 2), size: 13, text: sign }, { role: "code", x: middle, y: h / 2 + 11, size: 9, text: code });
    else lines.push({ role: "code", x: middle, y: h / 2 + 3.2, size: 9, text: code });
    return lines;
  }
  const room = w - stripe - 8;
  const texts = most === 2 && h > 30 ? inTwo(core.name[i], room, size) : [fitted(core.name[i], room, size)];
  const step = size * 1.06, first = h / 2 + size * 0.36 - ((texts.length - 1) * step) / 2;
  const lines = texts.map((text, n) => ({ role: "name", x: stripe + 5, y: first + n * step, size, text }));
  if (stripe > 10) lines.push({ role: sign ? "sign" : "code", x: middle, y: h / 2 + 5, size: sign ? 18 : 13, text: sign || code });
  else if (sign) lines[0].text = fitted(`${sign} ${lines[0].text}`, room, size);
  return lines;
}

/** A badge with a text at a size, by its right end and its top. */
function pillOf(text, severity, size, right, top) {
  const w = widthOf(text, size) + size * 1.2;
  return { text, severity, size, x: right - w, y: top, w, h: size * 1.45 };
}

const named = (badge) => `${core.severities[badge.severity][1]} ${badge.code}${badge.count > 1 ? " ×" + num(badge.count) : ""}`;

/** The badge of a flow, centred on its place. */
function flowBadge(badge, level) {
  const size = BADGE_SIZES[level];
  const pill = pillOf(level ? core.severities[badge.severity][1] : named(badge), badge.severity, size, 0, -size * 0.72);
  return { ...pill, x: -pill.w / 2 };
}

/** Badges of a card at a level, from its upper right corner to the left: near, one a rule; further away, one for all. */
function cardBadges(i, level) {
  const badges = look.badges.nodes.get(i);
  if (!badges) return [];
  const size = BADGE_SIZES[level];
  const [, , w] = viewData().cards[i];
  const pill = (text, severity, right) => pillOf(text, severity, size, right, -size);
  if (level > 0) {
    const total = badges.reduce((sum, one) => sum + one.count, 0);
    return [pill(`${core.severities[badges[0].severity][1]}${total > 1 ? " " + num(total) : ""}`, badges[0].severity, w + 4)];
  }
  const pills = [];
  let right = w + 4;
  for (const [n, badge] of badges.entries()) {
    const one = pill(named(badge), badge.severity, right);
    if (pills.length && (one.x < 24 || (n < badges.length - 1 && one.x < 54))) {
      pills.push(pill(`+${num(badges.length - n)}`, badge.severity, right));
      break;
    }
    pills.push(one);
    right = one.x - 3;
  }
  return pills;
}
