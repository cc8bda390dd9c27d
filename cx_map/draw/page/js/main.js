// Puts the page together and keeps its parts in step.

function titleText() {
  const state = core.states[S.state];
  const name = S.compare ? t("{before} → {after}", { before: stateName(S.compare === "current" ? 0 : S.state - 1), after: stateName(S.state) }) : state.id === "current" ? t("current state") : stateName(S.state);
  return `${core.firm || t("Customer communications")} – ${name}`;
}

function subtitleText() {
  return [entityCount(look.shown.entities), many("{n} flow", "{n} flows", look.shown.flows),
    core.states[S.state].audited ? findingCount(core.states[S.state].findings.length) : "", core.asOf ? t("as of {date}", { date: core.asOfTold }) : ""].filter(Boolean).join(" · ");
}

function viewName(name) {
  return name === "layers" ? t("Layers") : t("Web");
}

function buildHeader() {
  parts.title = el("h1");
  parts.subtitle = el("p");
  parts.views = el("div", { class: "choice joined", role: "group", "aria-label": t("View") }, VIEWS.map((name) => button(viewName(name), () => switchView(name), { "data-value": name })));
  parts.perspective = core.perspectives.length ? el("select", { id: "perspective", on: { change: () => update({ perspective: parts.perspective.value }) } },
    el("option", { value: "", text: t("kinds") }), core.perspectives.map((one) => el("option", { value: one.id, text: one.label }))) : null;
  return el("header", { class: "top" },
    button(icon(ICONS.panel), () => update({ panel: !S.panel }), labelled(t("Show or hide the panel"), "\\", "icon")),
    el("div", { class: "name" }, parts.title, parts.subtitle),
    parts.views,
    parts.perspective ? el("label", { class: "inline", for: "perspective" }, el("span", t("Colour by")), parts.perspective) : null,
    story ? button(`▶ ${t("Story")}`, () => tell(S.step < 0 ? 0 : -1), { class: "main" }) : null,
    el("div", { class: "choice joined", role: "group", "aria-label": t("Zoom") },
      button(icon(ICONS.minus), () => zoomBy(1 / 1.35), labelled(t("Zoom out"), "−", "icon")),
      button(icon(ICONS.plus), () => zoomBy(1.35), labelled(t("Zoom in"), "+", "icon")),
      button(icon(ICONS.whole), showWhole, labelled(t("Show everything"), "0", "icon"))),
    button(icon(ICONS.theme), switchTheme, labelled(t("Light or dark"), "", "icon")),
    button(icon(ICONS.print), () => window.print(), labelled(t("Print"), "", "icon")),
    button("?", () => parts.help.showModal(), labelled(t("Help"), "?", "icon")));
}

function switchView(name) {
  moved = false;
  update({ view: name }, { keepCamera: false });
}

function showWhole() {
  moved = false;
  fitWhole();
  keepAddress();
}

function switchTheme() {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  recolour();
}

function recolour() {
  palette = null;
  paint(true);
}

function buildHelp() {
  const rows = [
    ["/", t("search; Enter takes the first")], ["← →", t("on the map: along the flows")], ["↑ ↓", t("on the map: others at this step")],
    ["Tab", t("on the map: the next in focus")], ["Enter", t("select; with Shift: paths to it from what is selected")], ["Esc", t("clear")],
    ["0  +  −", t("show everything, zoom")], [`${t("Shift")} + ← ↑ → ↓`, t("move the map")], ["v", t("the other view")], ["[  ]", t("the state before, the next state")],
    ["d", t("show what changes")], ["s", t("the story; arrows or Page Up, Page Down go through it")], ["\\", t("show or hide the panel")],
  ];
  const used = rows.filter(([key]) => (story || key !== "s") && (core.states.length > 1 || !["[  ]", "d"].includes(key)));
  parts.help = el("dialog", { class: "help", "aria-labelledby": "help-title" },
    el("h2", { id: "help-title", text: t("Keys") }),
    el("table", {}, el("tbody", {}, used.map(([key, text]) => el("tr", {}, el("th", { scope: "row" }, el("kbd", key)), el("td", { text }))))),
    el("p", t("Mouse: drag, wheel to zoom, click to select, Shift-click a second one for the paths between them. Fingers: drag, pinch, tap.")),
    el("p", t("The address keeps what you see: copy it to come back.")),
    el("form", { method: "dialog" }, bit("button", "main", t("Close"))));
  return parts.help;
}

function legendList() {
  const item = (sample, text) => el("li", {}, sample, text);
  const kinds = new Set(), worst = new Set();
  for (let i = 0; i < N; i++) if (look.shown.has[i]) kinds.add(core.kind[i]);
  for (const f of allFindings()) worst.add(core.findings.severity[f]);
  const items = look.heat ? heatItems(item) : look.shown.mark ? ["added", "removed", "changed"].map((mark) => item(bit("span", `chip m-${mark}`, core.signs[mark]), markWord(mark)))
    : core.kinds.map(([kind, code, one], n) => (kinds.has(n) ? item(bit("span", `chip k-${cssName(kind)}`, code), one) : null));
  return el("ul", { class: "key" }, items.filter(Boolean),
    core.severities.map(([name, sign], n) => (worst.has(n) ? item(bit("span", `chip s-${name}`, sign), severityWord(name)) : null)),
    item(el("span", { class: "line back" }), t("feedback or fallback")),
    [...look.shown.style].some((style, e) => style === MISSING && look.shown.hasEdge[e]) ? item(el("span", { class: "line missing" }), t("missing flow")) : null,
    look.shown.thickEdges.size ? item(bit("span", "line cut", ""), t("narrowest cut")) : null);
}

function heatItems(item) {
  return [item(el("span", { class: "scale" }), `${perspectiveName()}: ${t("low to high")}`), item(bit("span", "chip unknown", "?"), t("not known"))];
}

function buildLegend() {
  parts.legend = el("section", { class: "legend", "aria-label": t("Legend") });
  return parts.legend;
}

function refreshHeader(before) {
  parts.title.textContent = titleText();
  parts.subtitle.textContent = subtitleText();
  document.title = titleText();
  for (const one of parts.views.children) one.setAttribute("aria-pressed", one.dataset.value === S.view);
  if (parts.perspective) parts.perspective.value = S.perspective;
  document.body.classList.toggle("narrow", !S.panel);
  parts.legend.replaceChildren(legendList());
  if (before && before.panel !== S.panel) requestAnimationFrame(() => redraw());
}

/** Everything on the screen, after something was chosen. */
function refresh(before, keepCamera) {
  refreshLook();
  refreshHeader(before);
  refreshRoadmap();
  refreshStory();
  refreshPanel();
  if (!keepCamera || (before && before.view !== S.view)) fitFirst();
  paint(true);
  tellResults(before);
}

/** Counts for those who listen, when search, filters or focus change. */
function tellResults(before) {
  if (!before) return;
  if (before.search !== S.search || before.filters !== S.filters) {
    say(t("{some} of {all} entities, {findings} of {total} findings", { some: num(look.matching), all: num(look.shown.entities), findings: num(look.findings.length), total: num(allFindings().length) }));
  } else if (look.focus && look.focus.paths) say(many("{n} path", "{n} paths", look.focus.paths.length));
  else if (look.focus && S.select >= 0 && (before.select !== S.select || before.focus !== S.focus)) say(`${core.name[S.select]}: ${focusName(S.focus)}, ${entityCount(look.focus.nodes.size)}`);
  else if (before.state !== S.state || before.compare !== S.compare) say(`${titleText()}. ${subtitleText()}`);
}

function goTo(text) {
  Object.assign(S, chosenBy(text));
  const where = new URLSearchParams(text.replace(/^#/, "")).get("at");
  moved = false;
  refreshLook();
  if (!where || !place(where)) {
    fitFirst();
    if (look.focus && !where) showEntities(look.focus.nodes);
  }
  refresh(null, true);
  clearTimeout(keeping);
  kept = spot();
}

function start() {
  loadNotes();
  document.getElementById("app").replaceWith(buildHeader(), el("main", {}, buildPanel(), buildStage()), buildHelp(), buildSheet());
  const told = buildStory(), way = buildRoadmap();
  if (told) stage.append(told);
  document.querySelector("main").after(...[buildLegend(), way].filter(Boolean));
  watchers.push(refresh);
  goTo(location.hash);
  listenToKeys();
  window.addEventListener("hashchange", () => goTo(location.hash));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  root.dataset.ready = "";
  whenWhole(() => later(() => {
    plain = false;
    redraw();
    block("proofs");
  }));
}
