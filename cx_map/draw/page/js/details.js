// The chosen entity: what the inventory says of it, what is around it, its findings, and ways to another one.

let picking = false;

function focusName(name) {
  return { neighbours: t("Neighbours"), upstream: t("Upstream"), downstream: t("Downstream"), both: t("Both ways"), loop: t("Its loops") }[name];
}

function detailsTab() {
  const i = S.select;
  if (i < 0) return [bit("p", "empty", t("Choose something on the map, in the list or by the search: what leads to it, where it leads, and its findings."))];
  const [place, about, fields] = block("details")[i];
  const owner = ownerOf(i);
  const mark = look.shown.mark && look.shown.mark[i];
  const own = look.findings.filter((f) => core.findings.subject[f] === i);
  const heat = look.heat && look.heat.get(i);
  return [el("article", { class: "card" },
    el("h2", {}, kindChip(i), " ", el("span", core.name[i])),
    bit("p", "sub", [kindOf(i)[2], core.id[i]].join(" · ")),
    mark ? el("p", { class: "line" }, bit("span", `chip m-${mark}`, `${core.signs[mark]} ${markWord(mark)}`), bit("span", "pre", look.shown.note.get(i) || "")) : null,
    look.shown.has[i] ? null : bit("p", "hint", t("Not there in this state.")),
    about ? el("p", about) : null,
    focusButtons(),
    pathPart(i),
    el("dl", {}, ...pairs([[t("Line of business"), laneOf(i)[1]], [t("Owner"), owner ? owner[1] : t("no owner given")], heat ? [perspectiveName(), heat.text] : null, ...fields, [t("Stated in"), place]])),
    aroundPart(i),
    own.length ? el("section", {}, el("h3", findingCount(own.length)), el("ol", { class: "rows" }, own.map((f) => el("li", {}, findingRow(f, null))))) : bit("p", "hint", t("No finding on it among those shown.")),
    noteEditor(`entity:${core.id[i]}`, core.name[i]))];
}

const pairs = (list) => list.filter((pair) => pair && pair[1]).flatMap(([term, text]) => [el("dt", term.replaceAll("_", " ")), el("dd", { text })]);

const perspectiveName = () => core.perspectives.find((one) => one.id === S.perspective).label;

function focusButtons() {
  return el("div", { class: "choice", role: "group", "aria-label": t("Show") },
    FOCUS.map((name) => button(focusName(name), () => update({ focus: name, to: -1, path: -1 }), { "aria-pressed": S.focus === name && S.to < 0, "data-key": `focus-${name}` })),
    el("label", { class: "tick" }, el("input", { type: "checkbox", checked: S.back, "data-key": "back", on: { change: (event) => update({ back: event.target.checked }) } }), t("follow feedback too")));
}

function pathPart(i) {
  if (S.to < 0) {
    return el("p", {}, button(picking ? t("Now choose where to …") : t("Paths to …"), () => {
      picking = !picking;
      refreshPanel();
      say(t("Choose the second entity."));
    }, { "aria-pressed": picking, "data-key": "paths" }));
  }
  const { paths: ways, cut } = look.focus || { paths: [], cut: false };
  const count = ways.length === 0 ? t("No path from {from} to {to}.", { from: core.name[i], to: core.name[S.to] })
    : cut ? many("The shortest {n} path; there are more.", "The shortest {n} paths; there are more.", ways.length) : many("{n} path", "{n} paths", ways.length);
  return el("section", { class: "paths" },
    el("h3", {}, t("To"), " ", entityName(S.to), " ", button("✕", () => update({ to: -1, path: -1 }), labelled(t("Forget the second entity"), "", "small"))),
    bit("p", "tally", count),
    ways.length ? el("ol", { class: "rows" }, ways.map((way, n) => el("li", {}, button([i, ...way.map((e) => edges.target[e])].map((k) => core.name[k]).join(" → "), () => update({ path: S.path === n ? -1 : n }), { class: S.path === n ? "row on" : "row", "aria-pressed": S.path === n, "data-key": `path${n}` })))) : null);
}

const entityName = (i) => el("span", core.name[i]);

function aroundPart(i) {
  const lists = [];
  for (const [title, side, far] of [[t("From"), incoming, edges.source], [t("To"), outgoing, edges.target]]) {
    const rows = [...edgesOf(side, i)].filter((e) => look.shown.hasEdge[e]);
    if (!rows.length) continue;
    lists.push(el("h3", `${title} (${num(rows.length)})`), el("ul", { class: "links" }, rows.slice(0, 40).map((e) => {
      const mark = look.shown.edgeMark && look.shown.edgeMark[e];
      const words = [edgeWord(e), look.shown.style[e] === MISSING ? t("missing") : "", mark ? markWord(mark) : ""].filter(Boolean).join(", ");
      return el("li", {}, entityLink(far[e]), el("small", ` ${words}`));
    })), rows.length > 40 ? bit("p", "hint", many("and {n} more", "and {n} more", rows.length - 40)) : null);
  }
  return el("section", {}, lists.filter(Boolean));
}

/** What a flow is, in a word. */
function edgeWord(e) {
  const kind = edges.kinds[edges.kind[e]];
  const words = { break: "", needs: t("needed"), route: t("route"), composes: t("composes"), channel: t("sent by"), flow: t("flow"), collects: t("collects"), writes: t("writes"), emits: t("emits"), captured: t("captured in"), analysed: t("analysed"), triggers: t("triggers"), informs: t("informs") };
  return (words[kind] ?? kind) + (feedback[e] ? ` (${t("feedback")})` : "");
}
