// The map as SVG: for the screen up to some hundred entities, and for paper. Looks are classes, places are attributes.

/** A picture of the whole view with everything that can be shown; `update` brings its looks up to date. */
function svgPicture() {
  const view = viewData();
  const layer = (name) => svg("g", { class: name });
  const frames = layer("frames"), wires = layer("wires"), cards = layer("cards"), marks = layer("marks");
  const world = svg("g", {}, frames, wires, cards, marks);
  const node = svg("svg", { class: `map ${view.id}`, role: "img", "aria-label": t("Map; the list of entities tells the same in words"), focusable: "false" }, arrowHeads(), world);
  frames.append(...view.frames.map(svgFrame).filter(Boolean));
  const spokes = view.spokes.map(([i, d]) => [i, svg("path", { class: `wire spoke k-${kindClass(i)}`, d })]);
  wires.append(...spokes.map(([, path]) => path));
  const lines = wiresNow().map((d, e) => (d ? svg("path", { d }) : null));
  wires.append(...lines.filter(Boolean));
  const boxes = view.cards.map((card, i) => (card.length ? svgCard(view, card, i) : null));
  cards.append(...boxes.filter(Boolean).map((box) => box.node));
  const said = new Map();
  const classes = (part, text) => {
    if (said.get(part) !== text) { said.set(part, text); part.setAttribute("class", text); }
  };
  const update = (level) => {
    for (const [i, path] of spokes) classes(path, `wire spoke k-${kindClass(i)}${hiddenOr(look.shown.has[i], look.quiet[i])}`);
    lines.forEach((path, e) => { if (path) classes(path, wireClass(e)); });
    marks.replaceChildren(...[...flowMarks()].map((mark) => svgFlowMark(mark, level)));
    boxes.forEach((box, i) => { if (box) updateCard(box, i, level, classes); });
  };
  const raise = () => {
    if (look.focus) for (const e of look.focus.flows) if (lines[e]) wires.append(lines[e]);
  };
  return { node, world, update: (level) => { update(level); raise(); } };
}

const hiddenOr = (has, quiet) => (has ? (quiet ? " quiet" : "") : " gone");

function wireClass(e) {
  const shown = look.shown;
  if (!shown.hasEdge[e]) return "wire gone";
  const a = edges.source[e], b = edges.target[e];
  const lit = look.focus ? look.focus.flows.has(e) : false;
  const quiet = look.focus ? !lit : look.narrowed && (look.quiet[a] || look.quiet[b]);
  const mark = shown.edgeMark ? shown.edgeMark[e] : "";
  const badge = look.badges.flows.get(e);
  const style = ["", " dashed", " missing", " alternative"][shown.style[e]];
  const colour = shown.style[e] === MISSING ? "s-critical" : mark ? `m-${mark}` : shown.edgeMark ? "same" : badge ? `s-${core.severities[badge[0].severity][0]}` : `k-${kindClass(a)}`;
  return `wire ${colour}${style}${feedback[e] ? " back" : ""}${mark ? " marked" : ""}${shown.thickEdges.has(e) ? " thick" : ""}${lit ? " lit" : ""}${quiet ? " quiet" : ""}`;
}

function arrowHeads() {
  const head = (id, given) => svg("marker", { id, viewBox: "0 0 8 8", refX: "7.4", refY: "4", markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, svg("path", { d: "M0 .8L8 4L0 7.2z", ...given }));
  return svg("defs", {}, head("arrow", { fill: "context-stroke" }));
}

function svgFrame([role, id, x, y, w, h]) {
  if (role === "lane" || role === "silo") return svg("rect", { class: `frame ${role}`, x, y, width: w, height: h, rx: 10 });
  if (role === "sector") return svg("line", { class: "frame sector", x1: x, y1: y, x2: x + w, y2: y + h });
  return svg("ellipse", { class: `frame ${role}${role === "ring" ? " ring" + id : ""}`, cx: x + w / 2, cy: y + h / 2, rx: w / 2, ry: h / 2 });
}

const stripePath = (s, h) => `M${s} 0h${5 - s}a5 5 0 0 0 -5 5v${h - 10}a5 5 0 0 0 5 5h${s - 5}z`;

function svgCard(view, [x, y, w, h], i) {
  const words = svg("g", {});
  const box = svg("rect", { class: "box", width: w, height: h, rx: 5 });
  const stripe = svg("path", { class: "stripe" });
  const node = svg("g", { transform: `translate(${x} ${y})` }, box, stripe, words);
  node.dataset.i = i;
  return { node, stripe, words, high: h, key: "" };
}

function updateCard(card, i, level, classes) {
  const mark = look.shown.mark ? look.shown.mark[i] || "same" : "";
  const heat = look.heat ? look.heat.get(i) : undefined;
  const warm = look.heat ? (heat && heat.share !== null ? " warm" : " unknown") : "";
  const chosen = (i === S.select ? " chosen" : "") + (i === S.to ? " chosen" : "") + (i === cursor ? " cursor" : "");
  const lit = look.focus && look.focus.nodes.has(i) ? " lit" : "";
  const colour = mark && mark !== "same" ? `m-${mark}` : `k-${kindClass(i)}${mark === "same" ? " same" : ""}`;
  classes(card.node, `card ${colour}${faint.has(i) ? " faint" : look.shown.thick.has(i) ? " thick" : ""}${warm}${chosen}${lit}${hiddenOr(look.shown.has[i], look.quiet[i])}`);
  if (warm === " warm") card.node.style.setProperty("--share", `${Math.round(heat.share * 100)}%`);
  if (!look.shown.has[i]) return;
  const badges = look.badges.nodes.get(i);
  const key = `${level}|${mark}|${look.shown.sub.get(i) || ""}|${badges ? badges.map((one) => one.code + one.count + one.severity).join() : ""}`;
  if (card.key === key) return;
  card.key = key;
  card.stripe.setAttribute("d", stripePath(stripeAt(level), card.high));
  card.words.replaceChildren(
    ...cardTexts(i, level).map((line) => svg("text", { class: line.role, x: line.x, y: line.y, "font-size": line.size, text: line.text })),
    ...cardBadges(i, level).flatMap(svgPill),
  );
}

function svgPill(pill) {
  const name = core.severities[pill.severity][0];
  return [
    svg("rect", { class: `pill s-${name}`, x: pill.x, y: pill.y, width: pill.w, height: pill.h, rx: pill.h / 2 }),
    svg("text", { class: `badge s-${name}`, x: pill.x + pill.w / 2, y: pill.y + pill.h * 0.72, "font-size": pill.size, text: pill.text }),
  ];
}

/** Crosses of missing flows and badges of flows: where they stand and what they show. */
function* flowMarks() {
  const spots = viewData().spots;
  for (const [key, [x, y]] of Object.entries(spots)) {
    const e = Number(key);
    if (!look.shown.hasEdge[e]) continue;
    const quiet = look.focus ? !look.focus.flows.has(e) : false;
    if (look.shown.style[e] === MISSING) yield { e, x, y, cross: true, quiet };
    const badge = look.badges.flows.get(e);
    if (badge) yield { e, x, y: look.shown.style[e] === MISSING ? y - 16 : y, badge: badge[0], quiet };
  }
}

function svgFlowMark({ x, y, cross, badge, quiet }, level) {
  const given = { class: quiet ? "flow-mark quiet" : "flow-mark", transform: `translate(${x} ${y})` };
  if (cross) return svg("g", given, svg("circle", { class: "cross-back", r: 8 }), svg("path", { class: "cross", d: "M-3.5 -3.5l7 7m0 -7l-7 7" }));
  return svg("g", given, ...svgPill(flowBadge(badge, level)));
}
