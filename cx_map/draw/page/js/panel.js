// The panel beside the map: search, filters, and tabs with findings, entities, the chosen entity, notes.

const TABS = ["findings", "entities", "details", "notes"];
const parts = {};
const PAGE_OF = 20;
const shownRows = { findings: PAGE_OF, entities: PAGE_OF };
let live = null;

function buildPanel() {
  parts.search = el("input", {
    type: "search", id: "search", placeholder: t("Search: name, owner, code"), "aria-label": t("Search entities and findings"),
    autocomplete: "off",
    on: { input: () => update({ search: parts.search.value.trim() }), keydown: searchKey },
  });
  parts.filters = el("details", { class: "filters" });
  parts.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": t("Panel") }, TABS.map((name) => button("", () => update({ tab: name }), {
    role: "tab", id: `tab-${name}`, "aria-controls": "tab-panel", on: { click: () => update({ tab: name }), keydown: tabKey },
  })));
  parts.body = el("div", { class: "body", id: "tab-panel", role: "tabpanel", tabindex: -1 });
  live = el("div", { class: "unseen", role: "status", "aria-live": "polite" });
  buildFilters();
  return el("aside", { class: "panel", "aria-label": t("Findings and entities") }, el("div", { class: "find" }, parts.search), parts.filters, parts.tabs, parts.body, live);
}

function searchKey(event) {
  if (event.key === "Enter") {
    const first = firstMatch();
    if (first >= 0) { choose(first); showEntities([first]); }
    event.preventDefault();
  } else if (event.key === "Escape") {
    parts.search.value = "";
    update({ search: "" });
    stage.focus();
    event.stopPropagation();
  }
}

function firstMatch() {
  const words = S.search.toLowerCase();
  let best = -1;
  for (let i = 0; i < N; i++) {
    if (!look.shown.has[i] || look.quiet[i]) continue;
    if (core.name[i].toLowerCase().startsWith(words)) return i;
    if (best < 0 && searchable(i).includes(words)) best = i;
  }
  return best;
}

function tabKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = TABS[(TABS.indexOf(S.tab) + step + TABS.length) % TABS.length];
  update({ tab: next });
  document.getElementById(`tab-${next}`).focus();
  event.preventDefault();
  event.stopPropagation();
}

/** What each filter offers, counted over everything; a filter with fewer than two choices is not shown. */
function filterChoices() {
  const counted = (values) => {
    const counts = new Map();
    for (const value of values) if (value !== null) counts.set(value, (counts.get(value) || 0) + 1);
    return counts;
  };
  const all = Array.from({ length: N }, (_, i) => i);
  const named = (pairs) => pairs.filter(([value]) => value !== undefined);
  const lanes = counted(core.lane), kinds = counted(core.kind), owners = counted(all.map((i) => (core.owner[i] < 0 ? null : core.owner[i])));
  const severities = new Set(core.findings.severity), rules = new Set(core.findings.rule);
  return {
    line_of_business: [t("Line of business"), named(core.lanes.map(([id, label], n) => (lanes.has(n) ? [id, label] : [])))],
    kind: [t("Kind"), named(core.kinds.map(([id, , one], n) => (kinds.has(n) ? [id, one] : [])))],
    owner: [t("Owner"), core.owners.filter((_, n) => owners.has(n)).sort((a, b) => a[1].localeCompare(b[1], root.lang))],
    severity: [t("Severity"), core.severities.filter((_, n) => severities.has(n)).map(([id, sign]) => [id, `${sign} ${severityWord(id)}`])],
    rule: [t("Rule"), core.rules.filter((_, n) => rules.has(n)).map(([code, name]) => [code, `${code} ${name.replaceAll("-", " ")}`]).sort((a, b) => (a[0] < b[0] ? -1 : 1))],
    phase: [t("Phase that changes it"), core.states.map((one, n) => (touchedBy[n] ? [one.id, stateName(n)] : [])).filter((pair) => pair.length)],
  };
}

function buildFilters() {
  const rows = [];
  for (const [name, [label, choices]] of Object.entries(filterChoices())) {
    if (choices.length < (name === "phase" || name === "rule" || name === "severity" ? 1 : 2)) continue;
    const select = el("select", { id: `filter-${name}`, on: { change: () => update({ filters: { ...S.filters, [name]: select.value } }) } },
      el("option", { value: "", text: t("all") }), choices.map(([value, text]) => el("option", { value, text })));
    parts[`filter-${name}`] = select;
    rows.push(el("label", { for: `filter-${name}` }, el("span", label), select));
  }
  parts.clear = button(t("Clear filters"), () => update({ filters: {}, search: "" }), { class: "clear" });
  parts.summary = el("summary");
  parts.filters.append(parts.summary, el("div", { class: "grid" }, rows), parts.clear);
  parts.filters.open = window.innerHeight > 900 && window.innerWidth > 700;
}

function refreshPanel() {
  const active = FILTERS.filter((name) => S.filters[name]).length;
  parts.summary.textContent = active ? many("Filters: {n} set", "Filters: {n} set", active) : t("Filters");
  parts.clear.disabled = !active && !S.search;
  for (const name of FILTERS) if (parts[`filter-${name}`]) parts[`filter-${name}`].value = S.filters[name] || "";
  if (document.activeElement !== parts.search) parts.search.value = S.search;
  const labels = {
    findings: [t("Findings"), num(look.findings.length)],
    entities: [t("Entities"), num(look.matching)],
    details: [t("Details"), ""],
    notes: [t("Notes"), notes.size ? num(notes.size) : ""],
  };
  TABS.forEach((name, n) => {
    const tab = parts.tabs.children[n];
    const [label, count] = labels[name];
    tab.replaceChildren(label, count ? bit("span", "count", count) : "");
    tab.setAttribute("aria-selected", S.tab === name);
    tab.tabIndex = S.tab === name ? 0 : -1;
  });
  parts.body.setAttribute("aria-labelledby", `tab-${S.tab}`);
  const keep = document.activeElement && parts.body.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const build = { findings: findingsTab, entities: entitiesTab, details: detailsTab, notes: notesTab }[S.tab];
  const scroll = parts.body.scrollTop, same = parts.body.dataset.tab === S.tab;
  parts.body.replaceChildren(...build());
  parts.body.dataset.tab = S.tab;
  parts.body.scrollTop = same && S.tab !== "details" ? scroll : 0;
  if (keep) { const again = parts.body.querySelector(`[data-key="${CSS.escape(keep)}"]`); if (again) again.focus({ preventScroll: true }); }
}

/** Says something to those who listen to the page. */
function say(text) {
  live.textContent = text;
}

/** Entities that the filters leave, as a list that tells what the map shows. */
function entitiesTab() {
  const matching = [];
  for (let i = 0; i < N; i++) if (look.shown.has[i] && (look.focus ? look.focus.nodes.has(i) : !look.quiet[i])) matching.push(i);
  const total = look.shown.entities;
  const rows = matching.slice(0, shownRows.entities).map(entityRow);
  return [
    bit("p", "tally", t("{some} of {all} entities shown", { some: num(matching.length), all: num(total) })),
    el("ul", { class: "rows" }, rows.map((row) => el("li", {}, row))),
    more("entities", rows.length, matching.length),
  ];
}

function more(name, shown, all) {
  if (shown >= all) return null;
  return button(many("Show {n} more", "Show {n} more", Math.min(PAGE_OF * 2, all - shown)), () => { shownRows[name] += PAGE_OF * 2; refreshPanel(); }, { class: "more" });
}

function kindChip(i) {
  return el("span", { class: `chip k-${kindClass(i)}`, text: kindOf(i)[1], title: kindOf(i)[2], "aria-hidden": "true" });
}

function entityRow(i) {
  const mark = look.shown.mark && look.shown.mark[i];
  const badges = look.badges.nodes.get(i) || [];
  const count = badges.reduce((sum, one) => sum + one.count, 0);
  return button("", () => { choose(i); showEntities([i]); }, {
    class: i === S.select ? "row on" : "row", "data-key": `e${i}`, "aria-pressed": i === S.select,
  }).appendChild(el("span", { class: "cells" }, kindChip(i),
    el("span", { class: "what" }, el("strong", core.name[i]), el("small", subtitleOf(i))),
    mark ? bit("span", `chip m-${mark}`, `${core.signs[mark]} ${markWord(mark)}`) : null,
    count ? severityChip(badges[0].severity, num(count)) : null)).parentNode;
}

function severityChip(number, text) {
  const [name, sign] = core.severities[number];
  return el("span", { class: `chip s-${name}`, text: `${sign} ${text}`, title: severityWord(name) });
}
