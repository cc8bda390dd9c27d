// The map on a canvas: for what is too much for SVG, and from so far that cards stand together as blocks.

let palette = null;
let plain = true;  // the very first frame has no lines

/** The colours of the current theme, by name of variable. */
function colour(name) {
  palette ??= new Map();
  if (!palette.has(name)) palette.set(name, getComputedStyle(root).getPropertyValue(`--${name}`).trim() || "#888");
  return palette.get(name);
}

const paths = { layers: [], web: [] };

function pathOf(e) {
  return (paths[S.view][e] ??= new Path2D(wiresNow()[e]));
}

const extents = {};

/** Left, top, right and bottom of every wire of the view, four numbers each; worked out when first needed. */
function wireExtents() {
  if (!extents[S.view]) {
    const all = new Float32Array(4 * E);
    wiresNow().forEach((d, e) => {
      let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity, isX = true;
      for (const part of d.match(/-?\d+(?:\.\d+)?/g) || []) {
        const value = Number(part);
        if (isX) { left = Math.min(left, value); right = Math.max(right, value); }
        else { top = Math.min(top, value); bottom = Math.max(bottom, value); }
        isX = !isX;
      }
      all.set([left, top, right, bottom], 4 * e);
    });
    extents[S.view] = all;
  }
  return extents[S.view];
}

const blockings = new Map();

/** Cards of one line of business, column and kind as one block: its box, members, and what leads to other blocks. */
function blocksOf(shown) {
  const kept = blockings.get(shown);
  if (kept && kept.view === S.view) return kept;
  const cards = viewData().cards;
  const groups = new Map();
  const group = new Array(N);
  for (let i = 0; i < N; i++) {
    if (!shown.has[i] || !cards[i].length) continue;
    const name = `${core.lane[i]}/${core.column[i]}/${core.kind[i]}`;
    if (!groups.has(name)) groups.set(name, { x: Infinity, y: Infinity, r: -Infinity, b: -Infinity, members: [], first: i });
    const one = groups.get(name), [x, y, w, h] = cards[i];
    one.x = Math.min(one.x, x); one.y = Math.min(one.y, y); one.r = Math.max(one.r, x + w); one.b = Math.max(one.b, y + h);
    one.members.push(i);
    group[i] = one;
  }
  const flows = new Map();
  for (let e = 0; e < E; e++) {
    const a = group[edges.source[e]], b = group[edges.target[e]];
    if (!shown.hasEdge[e] || !a || !b || a === b) continue;
    if (!flows.has(a)) flows.set(a, new Map());
    flows.get(a).set(b, (flows.get(a).get(b) || 0) + 1);
  }
  const result = { view: S.view, groups: [...groups.values()], group, flows };
  blockings.set(shown, result);
  return result;
}

/** Draws what stands on the screen. O(entities and flows on the screen) */
function paintCanvas(canvas, level) {
  const ratio = window.devicePixelRatio || 1;
  const w = wide(), h = high();
  if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
    canvas.width = Math.round(w * ratio);
    canvas.height = Math.round(h * ratio);
  }
  const pen = canvas.getContext("2d");
  const { x, y, k } = camera;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = colour("page");
  pen.fillRect(0, 0, w, h);
  pen.setTransform(ratio * k, 0, 0, ratio * k, -x * k * ratio, -y * k * ratio);
  const screen = { left: x, top: y, right: x + w / k, bottom: y + h / k };
  paintFrames(pen, screen);
  if (level === FAR && S.view === "layers") paintBlocks(pen, screen);
  else {
    if (level !== FAR && !plain) paintWires(pen, screen);
    paintCards(pen, screen, level);
    if (level !== FAR) paintMarks(pen, level);
  }
  if (level === FAR && look.focus) paintFocusLines(pen);
  pen.globalAlpha = 1;
}

/** A filled rectangle with rounded corners; it stays the path of the pen. */
function rounded(pen, fill, x, y, w, h, radius) {
  pen.beginPath();
  pen.roundRect(x, y, w, h, radius);
  pen.fillStyle = fill;
  pen.fill();
}

function paintFrames(pen, screen) {
  const line = 1 / camera.k;
  for (const [role, id, x, y, w, h] of viewData().frames) {
    if (y > screen.bottom || y + h < screen.top) continue;
    pen.beginPath();
    pen.setLineDash([]);
    if (role === "lane" || role === "silo") {
      rounded(pen, colour("lane"), x, y, w, h, 10);
      pen.strokeStyle = colour(role === "silo" ? "silo" : "lane-line");
      pen.lineWidth = role === "silo" ? Math.max(2.5, 2 * line) : Math.max(1, line);
      if (role === "silo") pen.setLineDash([14, 4]);
      pen.stroke();
    } else if (role === "sector") {
      pen.moveTo(x, y);
      pen.lineTo(x + w, y + h);
      pen.strokeStyle = colour("lane-line");
      pen.lineWidth = Math.max(1.2, line);
      pen.stroke();
    } else {
      pen.ellipse(x + w / 2, y + h / 2, w / 2, h / 2, 0, 0, 2 * Math.PI);
      pen.fillStyle = colour(role === "customer" ? "customer" : Number(id) % 2 ? "ring" : "lane");
      pen.fill();
      pen.strokeStyle = colour("lane-line");
      pen.lineWidth = Math.max(1.2, line);
      if (role !== "customer") pen.stroke();
    }
  }
  pen.setLineDash([]);
}

const apart = (ends, e, screen) => ends[4 * e] > screen.right || ends[4 * e + 1] > screen.bottom || ends[4 * e + 2] < screen.left || ends[4 * e + 3] < screen.top;

function paintWires(pen, screen) {
  const ends = wireExtents();
  const shown = look.shown;
  const late = [];
  const hair = 0.9 / camera.k;
  for (let e = 0; e < E; e++) {
    if (!shown.hasEdge[e] || apart(ends, e, screen)) continue;
    if (look.focus && look.focus.flows.has(e)) { late.push(e); continue; }
    paintWire(pen, e, hair, false);
  }
  for (const e of late) paintWire(pen, e, hair, true);
  pen.globalAlpha = 1;
  pen.setLineDash([]);
}

function paintWire(pen, e, hair, lit) {
  const shown = look.shown;
  const mark = shown.edgeMark ? shown.edgeMark[e] : "";
  const quiet = look.focus ? !lit : look.narrowed && (look.quiet[edges.source[e]] || look.quiet[edges.target[e]]);
  const missing = shown.style[e] === MISSING;
  const kind = kindClass(edges.source[e]);
  const strong = lit || mark || missing || shown.thickEdges.has(e);
  pen.globalAlpha = quiet ? 0.1 : strong ? 1 : 0.55;
  pen.strokeStyle = colour(missing ? "critical" : mark || (shown.edgeMark ? "unchanged" : lit ? `stripe-${kind}` : `line-${kind}`));
  pen.lineWidth = Math.max(strong ? 2.6 : 1.25, strong ? 2.4 * hair : hair);
  pen.setLineDash(missing ? [2, 5] : feedback[e] || shown.style[e] === 1 || mark === "removed" ? [6, 3.5] : []);
  pen.stroke(pathOf(e));
  if (!quiet && camera.k > 0.4) paintHead(pen, e);
}

function paintHead(pen, e) {
  const d = wiresNow()[e];
  const parts = d.slice(Math.max(d.lastIndexOf("C"), d.lastIndexOf("L")) + 1).match(/-?\d+(?:\.\d+)?/g).map(Number);
  const [x, y] = parts.slice(-2);
  let [fx, fy] = parts.length >= 4 ? parts.slice(-4, -2) : [NaN, NaN];
  if (parts.length < 4) [fx, fy] = d.slice(0, Math.max(d.lastIndexOf("C"), d.lastIndexOf("L"))).match(/-?\d+(?:\.\d+)?/g).slice(-2).map(Number);
  const angle = Math.atan2(y - fy, x - fx);
  pen.save();
  pen.translate(x, y);
  pen.rotate(angle);
  pen.beginPath();
  pen.moveTo(0.5, 0);
  pen.lineTo(-7.4, -3.2);
  pen.lineTo(-7.4, 3.2);
  pen.fillStyle = pen.strokeStyle;
  pen.fill();
  pen.restore();
}

/** A share between the cold and the hot colour. */
function heated(share) {
  const parse = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
  const cold = parse(colour("cold")), hot = parse(colour("hot"));
  return `rgb(${cold.map((value, n) => Math.round(value + (hot[n] - value) * share)).join()})`;
}

function paintCards(pen, screen, level) {
  const cards = viewData().cards;
  for (let i = 0; i < N; i++) {
    const card = cards[i];
    if (!look.shown.has[i] || !card.length) continue;
    const [x, y, w, h] = card;
    if (x > screen.right || y > screen.bottom || x + w < screen.left || y - 20 + h + 20 < screen.top) continue;
    const mark = look.shown.mark ? look.shown.mark[i] : "";
    const own = kindClass(i);
    const same = look.shown.mark && !mark;
    const stripe = colour(mark || (same ? "unchanged" : `stripe-${own}`));
    pen.globalAlpha = look.quiet[i] ? 0.16 : faint.has(i) ? 0.62 : 1;
    const heat = look.heat ? look.heat.get(i) : undefined;
    pen.fillStyle = look.heat ? (heat && heat.share !== null ? heated(heat.share) : colour("page")) : mark ? colour(`${mark}-tint`) : colour(same ? "lane" : `tint-${own}`);
    pen.beginPath();
    if (level === FAR) pen.rect(x, y, w, h);
    else pen.roundRect(x, y, w, h, 5);
    if (level === FAR && !look.heat) pen.fillStyle = stripe;
    pen.fill();
    if (level === FAR) { ring(pen, i, x, y, w, h); continue; }
    pen.strokeStyle = stripe;
    pen.lineWidth = look.shown.thick.has(i) ? 3.2 : mark ? 2.2 : 1.2;
    pen.setLineDash(mark === "removed" ? [5, 3] : []);
    pen.stroke();
    pen.setLineDash([]);
    rounded(pen, stripe, x, y, stripeAt(level), h, [5, 0, 0, 5]);
    paintWords(pen, i, level, x, y, mark, same, own, heat);
    ring(pen, i, x, y, w, h);
  }
  pen.globalAlpha = 1;
}

/** A ring round what is chosen, and round where the keyboard stands. */
function ring(pen, i, x, y, w, h) {
  if (i !== S.select && i !== S.to && i !== cursor) return;
  pen.globalAlpha = 1;
  pen.strokeStyle = colour("accent");
  pen.lineWidth = Math.max(3, 2.5 / camera.k);
  pen.setLineDash(i === cursor && i !== S.select ? [6, 3] : []);
  pen.strokeRect(x - 4, y - 4, w + 8, h + 8);
  pen.setLineDash([]);
}

function paintWords(pen, i, level, x, y, mark, same, own, heat) {
  for (const line of cardTexts(i, level)) {
    const onStripe = line.role === "code" || line.role === "sign";
    pen.font = `${line.role === "sub" || (same && line.role === "name") ? 400 : 700} ${line.size}px ${FONT}`;
    pen.textAlign = onStripe ? "center" : "start";
    pen.fillStyle = onStripe ? colour(mark ? `on-${mark}` : same ? "on-unchanged" : `ink-${own}`) : look.heat && heat && heat.share !== null ? onHeat(heat.share) : colour(line.role === "sub" ? "muted" : "ink");
    pen.fillText(line.text, x + line.x, y + line.y);
    if (mark === "removed" && line.role === "name") pen.fillRect(x + line.x, y + line.y - line.size * 0.33, widthOf(line.text, line.size), Math.max(1, line.size * 0.07));
  }
  pen.textAlign = "start";
  for (const pill of cardBadges(i, level)) paintPill(pen, pill, x, y);
}

function paintPill(pen, { text, severity, size, x, y, w, h }, left, top) {
  const [name] = core.severities[severity];
  rounded(pen, colour(name), left + x, top + y, w, h, h / 2);
  pen.fillStyle = colour(`on-${name}`);
  pen.font = `700 ${size}px ${FONT}`;
  pen.fillText(text, left + x + size * 0.6, top + y + h * 0.72);
}

/** Crosses of missing flows, and badges of flows. */
function paintMarks(pen, level) {
  for (const { x, y, cross, badge, quiet } of flowMarks()) {
    pen.globalAlpha = quiet ? 0.1 : 1;
    if (badge) paintPill(pen, flowBadge(badge, level), x, y);
    if (!cross) continue;
    rounded(pen, colour("lane"), x - 8, y - 8, 16, 16, 8);
    pen.strokeStyle = colour("critical");
    pen.lineWidth = 3;
    pen.stroke(new Path2D(`M${x - 3.5} ${y - 3.5}l7 7m0 -7l-7 7`));
  }
}

function onHeat(share) {
  const rgb = heated(share).match(/\d+/g).map(Number);
  return rgb[0] * 0.3 + rgb[1] * 0.59 + rgb[2] * 0.11 > 140 ? "#111827" : "#FFFFFF";
}

function paintBlocks(pen, screen) {
  const { groups, flows } = blocksOf(look.shown);
  const unit = 1 / camera.k;
  pen.lineWidth = unit;
  for (const [a, targets] of flows) {
    for (const [b, count] of targets) {
      if (Math.max(a.b, b.b) < screen.top || Math.min(a.y, b.y) > screen.bottom) continue;
      const ahead = b.x >= a.r;
      const sx = ahead ? a.r : a.x, tx = ahead ? b.x : b.r, sy = (a.y + a.b) / 2, ty = (b.y + b.b) / 2;
      pen.globalAlpha = look.focus ? 0.08 : Math.min(0.5, 0.12 + count / 60);
      pen.strokeStyle = colour(`line-${kindClass(a.first)}`);
      pen.lineWidth = Math.min(5, 0.7 + Math.log2(count) * 0.5) * unit;
      pen.beginPath();
      pen.moveTo(sx, sy);
      pen.bezierCurveTo(sx + (tx - sx) * 0.4, sy, tx - (tx - sx) * 0.4, ty, tx, ty);
      pen.stroke();
    }
  }
  for (const one of groups) {
    if (one.y > screen.bottom || one.b < screen.top || one.x > screen.right || one.r < screen.left) continue;
    paintBlock(pen, one, unit, screen);
  }
}

function paintBlock(pen, one, unit, screen) {
  const own = kindClass(one.first);
  const lit = one.members.filter((i) => !look.quiet[i]).length;
  const w = one.r - one.x, h = one.b - one.y, tall = h * camera.k;
  pen.globalAlpha = lit ? 1 : 0.25;
  rounded(pen, blockFill(one, own), one.x, one.y, w, h, Math.min(6 * unit, h / 3));
  pen.lineWidth = unit;
  pen.strokeStyle = colour(`stripe-${own}`);
  pen.stroke();
  const bar = Math.min(6 * unit, w / 6);
  pen.fillStyle = colour(`stripe-${own}`);
  pen.fillRect(one.x, one.y, bar, h);
  if (one.members.includes(S.select) || one.members.includes(cursor)) ring(pen, one.members.includes(S.select) ? S.select : cursor, one.x, one.y, w, h);
  if (tall < 9) return;
  const size = Math.min(12, tall * 0.8) * unit;
  const partly = look.focus || look.narrowed;
  const [, code, single, several] = kindOf(one.first);
  const number = partly ? `${num(lit)}/${num(one.members.length)}` : num(one.members.length);
  const room = w - bar - 10 * unit;
  const texts = [`${number} ${one.members.length === 1 ? single : several}`, `${number} ${code}`, number];
  const text = texts.find((each) => widthOf(each, size) <= room);
  pen.font = `700 ${size}px ${FONT}`;
  pen.fillStyle = look.heat ? "#111827" : colour("ink");
  const left = Math.max(one.x + bar, screen.left) + 4 * unit, top = Math.max(one.y, Math.min(screen.top + 50 * unit, one.b - 20 * unit));
  if (text && lit) pen.fillText(text, left, tall < 30 ? one.y + h / 2 + size * 0.36 : top + 15 * unit);
  const worst = worstOf(one.members);
  if (worst && tall >= 14) blockBadge(pen, one, worst, unit, text ? widthOf(text, size) : 0);
}

function blockFill(one, own) {
  if (!look.heat) return colour(`tint-${own}`);
  const shares = one.members.map((i) => look.heat.get(i)).filter((each) => each && each.share !== null).map((each) => each.share);
  return shares.length ? heated(Math.max(...shares)) : colour("page");
}

function worstOf(members) {
  let severity = 9, count = 0;
  for (const i of members) {
    for (const badge of look.badges.nodes.get(i) || []) {
      severity = Math.min(severity, badge.severity);
      count += badge.count;
    }
  }
  return count ? { severity, count } : null;
}

function blockBadge(pen, one, { severity, count }, unit, taken) {
  const pill = pillOf(`${core.severities[severity][1]} ${num(count)}`, severity, 10 * unit, one.r - 3 * unit, one.y + 3 * unit);
  if (pill.x - one.x > taken + 16 * unit) paintPill(pen, pill, 0, 0);
}

/** From afar the flows in focus are straight lines from card to card. */
function paintFocusLines(pen) {
  const cards = viewData().cards;
  const unit = 1 / camera.k;
  pen.globalAlpha = 0.8;
  pen.lineWidth = 1.4 * unit;
  pen.strokeStyle = colour("accent");
  pen.beginPath();
  let count = 0;
  for (const e of look.focus.flows) {
    if (++count > 4000) break;
    const a = cards[edges.source[e]], b = cards[edges.target[e]];
    pen.moveTo(a[0] + a[2], a[1] + a[3] / 2);
    pen.lineTo(b[0], b[1] + b[3] / 2);
  }
  pen.stroke();
  for (const i of look.focus.nodes) {
    const [x, y, w, h] = cards[i];
    const most = Math.max(h, 5 * unit);
    pen.fillStyle = colour("accent");
    pen.fillRect(x, y, Math.max(w, 5 * unit), most);
  }
}
