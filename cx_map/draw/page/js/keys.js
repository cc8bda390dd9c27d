// Everything by keyboard: shortcuts anywhere, and walking along the flows where the map has the focus.

const typing = (node) => node && (node.matches("input:not([type=range]):not([type=checkbox]), textarea, select") || node.isContentEditable);

function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || parts.help.open) return;
    if (event.key === "Escape" && !typing(event.target)) { escape(); return; }
    if (typing(event.target)) return;
    if (shortcut(event) || (S.step >= 0 && storyKey(event)) || (event.target === stage && walkKey(event))) event.preventDefault();
  });
}

function escape() {
  if (picking) { picking = false; refreshPanel(); }
  else if (S.select >= 0 || S.finding >= 0 || cursor >= 0) clearChoice();
  else if (S.step >= 0) tell(-1);
  else if (filtering()) update({ filters: {}, search: "" });
}

/** Keys that mean the same wherever the focus is; true where one was used. */
function shortcut(event) {
  const jobs = {
    "/": () => { if (!S.panel) update({ panel: true }); parts.search.focus(); parts.search.select(); },
    "?": () => parts.help.showModal(),
    0: showWhole,
    "+": () => zoomBy(1.35), "-": () => zoomBy(1 / 1.35),
    "\\": () => update({ panel: !S.panel }),
    v: () => switchView(VIEWS[(VIEWS.indexOf(S.view) + 1) % VIEWS.length]),
    d: () => { if (core.states.length > 1) update({ compare: S.compare ? "" : "current", state: S.compare || S.state ? S.state : core.states.length - 1 }); },
    "[": () => update({ state: Math.max(0, S.state - 1) }),
    "]": () => update({ state: Math.min(core.states.length - 1, S.state + 1) }),
    s: () => tell(S.step < 0 ? 0 : -1),
  };
  if (!Object.hasOwn(jobs, event.key)) return false;
  jobs[event.key]();
  return true;
}

function storyKey(event) {
  const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
  if (!step || (event.target === stage && event.key.startsWith("Arrow")) || event.target.matches("input, [role=tab]")) return false;
  const next = S.step + step;
  if (next >= 0 && next < story.steps.length) tell(next);
  return true;
}

let siblings = [];

/** Arrows and Tab where the map has the focus; true where the key was used. */
function walkKey(event) {
  const here = cursor >= 0 ? cursor : S.select;
  if (event.shiftKey && event.key.startsWith("Arrow")) {
    const [dx, dy] = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    pan(dx, dy);
    return true;
  }
  if (event.key === "Enter" || event.key === " ") {
    if (here < 0) return false;
    choose(here, picking || event.shiftKey);
    return true;
  }
  if (event.key === "Tab") return here >= 0 && tabWalk(here, event.shiftKey ? -1 : 1);
  const way = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: "next", ArrowUp: "before" }[event.key];
  if (!way) return false;
  if (here < 0) { stand(firstOnScreen()); return true; }
  if (way === 1 || way === -1) along(here, way === 1 ? outgoing : incoming, way === 1 ? edges.target : edges.source);
  else aside(here, way === "next" ? 1 : -1);
  return true;
}

/** Follow the first flow out of (or into) where the reader stands; up and down then go through the others. */
function along(here, side, far) {
  const next = [...new Set([...edgesOf(side, here)].filter((e) => look.shown.hasEdge[e]).map((e) => far[e]))];
  const order = (i) => viewData().cards[i][1];
  next.sort((a, b) => order(a) - order(b));
  if (!next.length) { say(side === outgoing ? t("Nothing follows.") : t("Nothing leads here.")); return; }
  siblings = next;
  stand(next[0]);
}

function aside(here, step) {
  const row = siblings.includes(here) && siblings.length > 1 ? siblings : sameColumn(here);
  stand(row[(row.indexOf(here) + step + row.length) % row.length]);
}

function sameColumn(here) {
  const cards = viewData().cards;
  const column = [];
  for (let i = 0; i < N; i++) if (look.shown.has[i] && core.column[i] === core.column[here]) column.push(i);
  return column.sort((a, b) => cards[a][1] - cards[b][1] || cards[a][0] - cards[b][0]);
}

/** Through what is in focus, in reading order; past the end the focus leaves the map as anywhere. */
function tabWalk(here, step) {
  const row = (look.focus ? [...look.focus.nodes] : sameColumn(here)).sort((a, b) => a - b);
  const next = row[row.indexOf(here) + step];
  if (next === undefined) { cursor = -1; paint(true); return false; }
  stand(next);
  return true;
}

function firstOnScreen() {
  const cards = viewData().cards;
  for (let i = 0; i < N; i++) {
    const [x, y] = cards[i];
    if (look.shown.has[i] && !look.quiet[i] && x >= camera.x && y >= camera.y && y < camera.y + high() / camera.k) return i;
  }
  return look.shown.has.indexOf(1);
}

function stand(i) {
  if (i < 0) return;
  cursor = i;
  const [x, y, w, h] = viewData().cards[i];
  const outside = x < camera.x || y < camera.y + 30 / camera.k || x + w > camera.x + wide() / camera.k || y + h > camera.y + high() / camera.k;
  if (camera.k < LEVELS[S.view].at(-1).from) { moved = true; glide(x + w / 2, y + h / 2, 0.6); }
  else if (outside) { moved = true; glide(x + w / 2, y + h / 2, camera.k); }
  const badges = look.badges.nodes.get(i) || [];
  const count = badges.reduce((sum, one) => sum + one.count, 0);
  say(`${core.name[i]}, ${subtitleOf(i)}${count ? `, ${findingCount(count)}` : ""}`);
  paint(true);
}
