// The place where the map is shown: which drawing, names of lanes and columns that stay in sight, overview, tooltip.

// Measured: with 500 entities the first SVG takes longer than all the rest together.
const MOST_SVG = 400;
let picture = null;
let canvas = null;
let signs = null;
let overview = null;
let tip = null;
let cursor = -1;
let lastLevel = null;

function buildStage() {
  canvas = el("canvas", { class: "map", "aria-hidden": "true" });
  signs = el("div", { class: "signs", "aria-hidden": "true" });
  overview = el("canvas", { class: "overview", "aria-hidden": "true", width: 180, height: 130 });
  tip = el("div", { class: "tip", role: "presentation", hidden: true });
  stage = el("div", {
    class: "stage", tabindex: 0, role: "group",
    "aria-label": t("Map: arrow keys walk along the flows, Enter selects, Escape clears, question mark helps"),
  }, canvas, signs, tip, overview, N ? null : bit("p", "nothing", t("The inventory has nothing that a map shows.")));
  redraw = () => schedule();
  listenToPointers(tapped, hovered);
  overview.addEventListener("pointerdown", (event) => {
    overview.setPointerCapture(event.pointerId);
    lookAt(event);
    overview.addEventListener("pointermove", lookAt);
    overview.addEventListener("pointerup", () => overview.removeEventListener("pointermove", lookAt), { once: true });
  });
  new ResizeObserver(() => { if (!moved) fitFirst(); else redraw(); }).observe(stage);
  return stage;
}

let pending = 0;
function schedule() {
  if (!pending) pending = requestAnimationFrame(() => { pending = 0; paint(); });
}

const useSvg = (level) => N <= MOST_SVG && level !== FAR;

/** Draws one frame: only what depends on the camera, unless the looks or the level changed. */
function paint(changed = false) {
  if (!look || !wide()) return;
  const level = levelAt(camera.k);
  const asSvg = useSvg(level);
  if (asSvg) {
    if (!picture || picture.view !== S.view) {
      if (picture) picture.node.remove();
      picture = { ...svgPicture(), view: S.view };
      stage.prepend(picture.node);
      changed = true;
    }
    if (changed || lastLevel !== level) picture.update(level);
    picture.world.setAttribute("transform", `translate(${-camera.x * camera.k} ${-camera.y * camera.k}) scale(${camera.k})`);
    picture.node.dataset.level = level;
    lastLevel = level;
  } else {
    paintCanvas(canvas, level);
    lastLevel = null;
  }
  if (picture) picture.node.classList.toggle("gone", !asSvg);
  canvas.classList.toggle("gone", asSvg);
  placeSigns();
  paintOverview();
}

/** Names of columns and lanes at the size of the page's text, kept on the screen while what they name is. */
function placeSigns() {
  const view = viewData();
  const lanes = new Map(view.frames.filter(([role]) => role === "lane" || role === "silo").map((frame, n) => [n, frame]));
  const taken = [];
  let lane = 0;
  let used = 0;
  const put = (text, x, y, name, room, quiet) => {
    const node = signs.children[used] || signs.appendChild(el("div"));
    used++;
    if (node.textContent !== text) node.textContent = text;
    const wanted = `place ${name}${quiet ? " quiet" : ""}`;
    if (node.className !== wanted) node.className = wanted;
    node.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    node.style.maxWidth = room ? `${Math.max(0, Math.round(room))}px` : "";
    node.style.fontSize = "";
    return node;
  };
  const right = wide(), below = high(), { x: cx, y: cy, k } = camera;
  for (const [role, text, x, y, , anchor] of view.signs) {
    const sx = (x - cx) * k, sy = (y - cy) * k;
    if (role === "column") {
      const room = columnRoom(view, text, x);
      if (sx + room / 2 < 0 || sx - room / 2 > right) continue;
      put(text, sx, Math.max(4, Math.min(sy - 14, below)), "column", room);
    } else if (role === "lane") {
      const [frameRole, , , fy, fw, fh] = lanes.get(lane++);
      const top = (fy - cy) * k, bottom = (fy + fh - cy) * k;
      if (bottom < 30 || top > below || bottom - top < 13) continue;
      put(frameRole === "silo" ? `${text} · ${t("silo")}` : text, Math.max(6, (x - cx) * k), clamp(top - 9, 26, Math.max(26, bottom - 20)), `lane${frameRole === "silo" ? " silo" : ""}`, Math.min(right - 20, fw * k));
    } else if (sx > -200 && sx < right + 200 && sy > -30 && sy < below + 30) {
      const disc = role === "customer" ? (view.frames.find(([frame]) => frame === "customer")[4] * k) / 5.6 : role === "ring-name" ? clamp(11 * k, 8.5, 11) : 12.5;
      if (disc < 6) continue;
      const half = widthOf(text, 12.5) / 2, middle = sx + { start: half, middle: 0, end: -half }[anchor];
      if (taken.some(([left, right, height]) => middle + half > left && middle - half < right && Math.abs(sy - height) < 15)) continue;
      taken.push([middle - half, middle + half, sy]);
      put(text, sx, sy - (role === "customer" ? disc * 0.95 : 9), `${role} ${anchor}`, 0).style.fontSize = `${Math.min(13, disc)}px`;
    }
  }
  while (signs.children.length > used) signs.lastChild.remove();
}

/** The room in pixels that a column's name has between those beside it. */
function columnRoom(view, text, x) {
  const others = view.signs.filter(([role, , at]) => role === "column" && at !== x);
  const half = (name) => Math.min(widthOf(name, 10.5), widthOf(text, 10.5)) / 2 + 6;
  return Math.max(30, 2 * Math.min(view.bounds[2] * camera.k, ...others.map(([, name, at]) => Math.abs(at - x) * camera.k - half(name))));
}

/** How the overview shows the whole map: pixels to a unit, and where the corner of the map stands. */
function overviewScale() {
  const [bx, by, bw, bh] = viewData().bounds;
  const scale = Math.min(180 / bw, 130 / bh);
  return [scale, (180 - bw * scale) / 2 - bx * scale, (130 - bh * scale) / 2 - by * scale];
}

function paintOverview() {
  const inside = camera.k <= wholeScale() * 1.04;
  overview.classList.toggle("gone", inside || wide() < 560);
  if (inside) return;
  const [scale, left, top] = overviewScale();
  const pen = overview.getContext("2d");
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = colour("page");
  pen.fillRect(0, 0, 180, 130);
  pen.setTransform(scale, 0, 0, scale, left, top);
  const parts = N > 1500 && S.view === "layers" ? blocksOf(look.shown).groups.map((one) => [one.x, one.y, one.r - one.x, one.b - one.y, one.first, 0]) : viewData().cards.map((card, i) => [...card.slice(0, 4), i, look.quiet[i] || !look.shown.has[i]]);
  for (const [x, y, w, h, i, quiet] of parts) {
    pen.globalAlpha = quiet ? 0.15 : 0.8;
    pen.fillStyle = colour(`stripe-${kindClass(i)}`);
    pen.fillRect(x, y, Math.max(w, 1.5 / scale), Math.max(h, 1 / scale));
  }
  pen.globalAlpha = 1;
  pen.strokeStyle = colour("accent");
  pen.lineWidth = 2 / scale;
  pen.strokeRect(camera.x, camera.y, wide() / camera.k, high() / camera.k);
}

function lookAt(event) {
  const area = overview.getBoundingClientRect();
  const [scale, left, top] = overviewScale();
  moved = true;
  centreOn((event.clientX - area.left - left) / scale, (event.clientY - area.top - top) / scale);
  keepAddress();
}

/** The entity at a point of the screen, or -1. From afar a block answers with its members. */
function at(px, py) {
  const x = camera.x + px / camera.k, y = camera.y + py / camera.k;
  const cards = viewData().cards;
  for (let i = N - 1; i >= 0; i--) {
    const card = cards[i];
    if (look.shown.has[i] && card.length && x >= card[0] && x <= card[0] + card[2] && y >= card[1] - 5 && y <= card[1] + card[3] + 2) return i;
  }
  return -1;
}

function blockAt(px, py) {
  if (levelAt(camera.k) !== FAR || S.view !== "layers") return null;
  const x = camera.x + px / camera.k, y = camera.y + py / camera.k;
  return blocksOf(look.shown).groups.find((one) => x >= one.x && x <= one.r && y >= one.y && y <= one.b) || null;
}

const openBlock = (one) => { moved = true; glide((one.x + one.r) / 2, (one.y + one.b) / 2, clamp(Math.min(wide() / (one.r - one.x + 120), high() / (one.b - one.y + 120)), 0.3, 0.8)); };

function tapped(px, py, event) {
  stage.focus({ preventScroll: true });
  const group = blockAt(px, py);
  if (group && group.members.length > 1) { openBlock(group); return; }
  const i = at(px, py);
  if (i < 0) { if (S.select >= 0 || S.finding >= 0) clearChoice(); return; }
  choose(i, event.shiftKey);
}

/** Select an entity; with `second`, the one to which paths are shown. */
function choose(i, second = false) {
  cursor = -1;
  if ((second || picking) && S.select >= 0 && i !== S.select) {
    picking = false;
    update({ to: i, path: -1, finding: -1, tab: "details" });
    return;
  }
  update({ select: i, to: -1, path: -1, finding: -1, tab: "details" });
}

function clearChoice() {
  picking = false;
  cursor = -1;
  update({ select: -1, to: -1, path: -1, finding: -1, tab: S.tab === "details" ? "findings" : S.tab });
}

function hovered(px, py, target) {
  const over = target && !target.closest("button, .story, .legend, .overview, .roadmap");
  const group = over ? blockAt(px, py) : null;
  const i = over && !group ? at(px, py) : -1;
  stage.classList.toggle("over", i >= 0 || group !== null);
  tip.hidden = i < 0 && !group;
  if (tip.hidden) return;
  tip.replaceChildren(...(group ? groupTip(group) : entityTip(i)));
  const left = px + 16 + tip.offsetWidth > wide() ? px - tip.offsetWidth - 12 : px + 16;
  tip.style.transform = `translate(${Math.max(4, Math.round(left))}px, ${Math.round(clamp(py + 14, 4, Math.max(4, high() - tip.offsetHeight - 4)))}px)`;
}

function entityTip(i) {
  const lines = [el("strong", core.name[i]), el("span", subtitleOf(i))];
  const mark = look.shown.mark && look.shown.mark[i];
  if (mark) lines.push(el("span", [markWord(mark), look.shown.note.get(i)].filter(Boolean).join(": ")));
  const heat = look.heat && look.heat.get(i);
  if (look.heat) lines.push(el("span", heat ? heat.text : t("not known")));
  for (const badge of look.badges.nodes.get(i) || []) {
    lines.push(el("span", `${core.severities[badge.severity][1]} ${badge.code}${badge.count > 1 ? ` ×${num(badge.count)}` : ""}`));
  }
  return lines;
}

function groupTip(group) {
  const [, , one, several] = kindOf(group.first);
  return [
    el("strong", `${num(group.members.length)} ${group.members.length === 1 ? one : several}`),
    el("span", laneOf(group.first)[1]),
    el("span", t("Press to open")),
  ];
}

function markWord(mark) {
  return mark === "added" ? t("added") : mark === "removed" ? t("removed") : t("changed");
}

/** How many have a mark, in the form that the number asks for. */
function markCount(mark, n) {
  return mark === "added" ? many("{n} added", "{n} added", n) : mark === "removed" ? many("{n} removed", "{n} removed", n) : many("{n} changed", "{n} changed", n);
}

function severityWord(name) {
  return { critical: t("critical"), major: t("major"), minor: t("minor"), info: t("info") }[name];
}

/** How many findings are of a severity, in the form that the number asks for. */
function severityCount(name, n) {
  return {
    critical: many("{n} critical", "{n} critical", n), major: many("{n} major", "{n} major", n),
    minor: many("{n} minor", "{n} minor", n), info: many("{n} info", "{n} info", n),
  }[name];
}

/** Kind, line of business and owner in one line. */
function subtitleOf(i) {
  const owner = ownerOf(i);
  return [kindOf(i)[2], laneOf(i)[1], owner ? owner[1] : t("no owner given")].join(" · ");
}
