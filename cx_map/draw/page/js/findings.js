// The list of findings, and one finding opened: message, size, owner, proof and computed fix.

function findingsTab() {
  if (!core.states[S.state].audited) return [bit("p", "empty", t("This page was made without an audit."))];
  if (S.finding >= 0) return [findingCard(S.finding)];
  const all = allFindings();
  const changes = look.shown.changes;
  const sorts = changes ? sortsOf(changes) : null;
  const rows = look.findings.slice(0, shownRows.findings);
  const counts = core.severities.map((_, n) => look.findings.filter((f) => core.findings.severity[f] === n).length);
  return [
    el("p", { class: "tally" }, t("{some} of {all} findings shown", { some: num(look.findings.length), all: num(all.length) }),
      el("span", { class: "chips" }, counts.map((count, n) => (count ? severityChip(n, severityCount(core.severities[n][0], count)) : null)))),
    changes && changes.solved ? bit("p", "tally", t("{solved} solved, {introduced} introduced, {worse} worse, {better} better", {
      solved: num(changes.solved.length), introduced: num(changes.introduced.length),
      worse: num(changes.worse.length), better: num(changes.better.length) })) : null,
    rows.length ? null : bit("p", "empty", all.length ? t("No finding matches the filters.") : t("No findings in this state.")),
    el("ol", { class: "rows" }, rows.map((f) => el("li", {}, findingRow(f, sorts)))),
    more("findings", rows.length, look.findings.length),
    core.states[S.state].common.length ? bit("p", "hint", t("Too common for badges: {rules}", { rules: core.states[S.state].common.map((rule) => core.rules[rule][0]).join(", ") })) : null,
    core.states[S.state].unassessed ? bit("p", "hint", many("{n} rule could not judge everything: the inventory says too little", "{n} rules could not judge everything: the inventory says too little", core.states[S.state].unassessed)) : null,
  ].filter(Boolean);
}

/** What became of each finding from one state to the other. */
function sortsOf(changes) {
  const sorts = new Map();
  for (const [name, word] of [["worse", t("worse")], ["better", t("better")], ["introduced", t("introduced")], ["solved", t("solved")]]) {
    for (const f of changes[name] || []) sorts.set(f, [name, word]);
  }
  return sorts;
}

const SORTS = { introduced: "m-added +", solved: "m-removed ✓", worse: "m-changed ↑", better: "m-changed ↓" };

function findingRow(f, sorts) {
  const texts = block("findings");
  const sort = sorts && sorts.get(f);
  const row = button("", () => openFinding(f), { class: f === S.finding ? "row on" : "row", "data-key": `f${f}` });
  row.append(el("span", { class: "line" }, severityChip(core.findings.severity[f], severityWord(severityOf(f)[0])),
    el("b", ruleOf(f)[0]), sort ? bit("span", `chip ${SORTS[sort[0]].slice(0, -2)}`, `${SORTS[sort[0]].slice(-1)} ${sort[1]}`) : null),
    el("span", { class: sort && sort[0] === "solved" ? "message solved" : "message", text: texts.message[f] }),
    el("small", [texts.impact[f], texts.owner[f] || t("no owner given")].filter(Boolean).join(" · ")));
  return row;
}

function openFinding(f) {
  update({ finding: f, select: -1, to: -1, path: -1, tab: "findings" });
  if (look.focus) showEntities(look.focus.nodes);
  const back = parts.body.querySelector("button");
  if (back) back.focus({ preventScroll: true });
  say(block("findings").message[f]);
}

function findingCard(f) {
  const texts = block("findings"), proof = block("proofs")[f];
  const [code, name] = ruleOf(f);
  const subject = core.findings.subject[f];
  const definitions = [];
  const put = (term, ...content) => definitions.push(el("dt", term), el("dd", {}, content));
  put(t("On"), subject >= 0 && look.shown.has[subject] ? entityLink(subject) : `${texts.subject[f]} (${t("not on this map")})`);
  if (proof.impact) put(t("Impact"), proof.impact);
  put(t("Owner"), texts.owner[f] || t("no owner given"));
  if (proof.confidence && proof.confidence !== "high") put(t("How sure"), proof.confidence === "medium" ? t("medium: rests on estimates") : t("a hypothesis: confirm it first"));
  for (const [label, text] of proof.evidence || []) put(label, text);
  if (proof.path) put(t("Proof"), el("ol", { class: "steps" }, proof.path.map(([from, edge, to]) => el("li", {}, idLink(from), ` → ${edge} `, idLink(to)))));
  if (proof.related) put(t("Related"), proof.related.flatMap((id, n) => [n ? ", " : "", idLink(id)]));
  for (const [other, message] of proof.so || []) put(t("And so"), `${other}: ${message}`);
  if (proof.fix) put(t("Fix"), proof.fix.summary, proof.fix.changes.length ? el("pre", { tabindex: 0, text: proof.fix.changes.map((one) => `- ${flowYaml(one)}`).join("\n") }) : null);
  put(t("Stated in"), el("code", proof.place || ""));
  return el("article", { class: "card" },
    button(`← ${t("All findings")}`, () => update({ finding: -1 }), { class: "back", "data-key": "back" }),
    el("p", { class: "line" }, severityChip(core.findings.severity[f], severityWord(severityOf(f)[0])), el("b", code), ` ${name.replaceAll("-", " ")}`),
    bit("h2", "message", texts.message[f]),
    el("dl", {}, definitions),
    bit("p", "hint", `cxmap explain ${code}`),
    noteEditor(`finding:${texts.print[f]}`, `${code} ${texts.subject[f]}`));
}

function entityLink(i) {
  return button(core.name[i], () => { choose(i); showEntities([i]); }, { class: "link" });
}

function idLink(id) {
  const i = byId.get(id);
  return i !== undefined && look.shown.has[i] ? entityLink(i) : document.createTextNode(id);
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_./-]*$/;
const WORDS = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** Changes of a roadmap in YAML on one line, to be pasted into a phase. */
function flowYaml(value) {
  if (Array.isArray(value)) return `[${value.map(flowYaml).join(", ")}]`;
  if (value !== null && typeof value === "object") return `{${Object.entries(value).map(([key, item]) => `${flowYaml(key)}: ${flowYaml(item)}`).join(", ")}}`;
  if (typeof value === "string") return PLAIN.test(value) && !WORDS.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value);
}
