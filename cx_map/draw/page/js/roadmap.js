// The bar of states: current, every phase, target; and what changed against the current or the previous state.

function buildRoadmap() {
  if (core.states.length < 2) return null;
  const last = core.states.length - 1;
  parts.slider = el("input", {
    type: "range", min: 0, max: last, step: 1, value: 0, id: "phase", list: "phases", "aria-label": t("State along the roadmap"),
    on: { input: () => update({ state: Number(parts.slider.value) }) },
  });
  parts.stops = el("ol", { class: "stops" }, core.states.map((state, n) => el("li", {}, button("", () => update({ state: n }), { "data-key": `stop${n}` }))));
  parts.compare = el("div", { class: "choice joined", role: "group", "aria-label": t("Compare") }, [["", t("as it is")], ["current", t("changes since today")], ["previous", t("changes of this phase")]].map(([value, label]) => button(label, () => update({ compare: value, state: value && S.state === 0 ? last : S.state }), { "data-value": value })));
  parts.slider.style.width = `${100 - 100 / core.states.length}%`;
  parts.became = el("p", { class: "became" });
  return el("section", { class: "roadmap", "aria-label": t("Roadmap") }, el("div", { class: "way" }, parts.slider, parts.stops), el("div", { class: "what" }, parts.compare, parts.became));
}

function refreshRoadmap() {
  if (!parts.slider) return;
  parts.slider.value = S.state;
  parts.slider.setAttribute("aria-valuetext", stateName(S.state));
  [...parts.stops.children].forEach((item, n) => {
    const state = core.states[n];
    const stop = item.firstChild;
    stop.replaceChildren(el("b", stateName(n)), el("small", [state.by, state.target ? t("target") : ""].filter(Boolean).join(" · ")));
    stop.setAttribute("aria-current", n === S.state ? "step" : "false");
    stop.title = state.roadmap || stateName(n);
  });
  for (const one of parts.compare.children) {
    one.setAttribute("aria-pressed", one.dataset.value === S.compare);
    if (one.dataset.value === "previous") one.disabled = S.state < 1;
  }
  parts.became.replaceChildren(...becameParts());
}

/** What a comparison adds up to, with signs: entities and findings. */
function becameParts() {
  const changes = look.shown.changes;
  if (!changes) return [];
  const count = (mark) => changes.nodes.filter(([, own]) => own === mark).length;
  const chips = ["added", "removed", "changed"].map((mark) => bit("span", `chip m-${mark}`, `${core.signs[mark]} ${markCount(mark, count(mark))}`));
  const told = changes.solved ? [" ", el("span", t("findings: {solved} solved, {introduced} introduced", { solved: num(changes.solved.length), introduced: num(changes.introduced.length) }))] : [];
  return [...chips, ...told];
}
