// Notes that people add in the room: kept by the browser where it allows that, and given out as files.

const notes = new Map();
const NOTES_KEY = `cxmap.notes:${core.firm}:${location.pathname}`;

function loadNotes() {
  try {
    for (const [key, note] of JSON.parse(localStorage.getItem(NOTES_KEY) || "[]")) notes.set(key, note);
  } catch { /* no storage, or not ours: notes last as long as the page */ }
}

function setNote(key, about, text) {
  if (text.trim()) notes.set(key, { about, text, at: new Date().toISOString().slice(0, 16) });
  else notes.delete(key);
  try { localStorage.setItem(NOTES_KEY, JSON.stringify([...notes])); } catch { /* as above */ }
  refreshTabNames();
}

function refreshTabNames() {
  const tab = document.getElementById("tab-notes");
  tab.replaceChildren(t("Notes"), notes.size ? bit("span", "count", num(notes.size)) : "");
}

function noteEditor(key, about) {
  const id = `note-${key.replace(/[^A-Za-z0-9-]/g, "-")}`;
  const area = el("textarea", { id, rows: 3, "data-key": id, placeholder: t("What the room says about it"), on: { input: () => setNote(key, about, area.value) } });
  area.value = notes.has(key) ? notes.get(key).text : "";
  return el("div", { class: "note" }, el("label", { for: id, text: t("Note") }), area);
}

function notesTab() {
  const list = [...notes];
  return [
    bit("p", "tally", list.length ? many("{n} note", "{n} notes", list.length) : t("No notes yet.")),
    el("ul", { class: "rows" }, list.map(([key, note]) => el("li", {}, noteRow(key, note)))),
    list.length ? el("p", { class: "choice" }, button(t("Save as Markdown"), () => download("notes.md", "text/markdown", notesMarkdown())), button(t("Save as JSON"), () => download("notes.json", "application/json", notesJson()))) : null,
    noteEditor("page", t("the whole map")),
  ].filter(Boolean);
}

function noteRow(key, note) {
  const [sort, ...rest] = key.split(":");
  const id = rest.join(":");
  const i = sort === "entity" ? byId.get(id) : undefined;
  const f = sort === "finding" ? findingOf(id, S.state) : -1;
  const open = () => (i !== undefined ? choose(i) : f >= 0 ? openFinding(f) : null);
  const row = button("", open, { class: "row", "data-key": `n${key}` });
  row.append(el("strong", note.about), bit("span", "message", note.text), el("small", note.at.replace("T", " ")));
  return row;
}

function notesJson() {
  const list = [...notes].map(([key, note]) => {
    const [sort, ...rest] = key.split(":");
    return { about: sort, id: rest.join(":"), name: note.about, text: note.text, at: note.at };
  });
  return JSON.stringify({ schema: "cxmap.notes/1", map: core.firm, as_of: core.asOf, state: core.states[S.state].id, notes: list }, null, 2) + "\n";
}

function notesMarkdown() {
  const safe = (text) => text.replace(/[\\`*_{}[\]<>#|]/g, "\\$&");
  const lines = [`# ${t("Notes on the communications map")}: ${safe(core.firm)}`, "", `${core.asOf ? t("as of {date}", { date: core.asOfTold }) : ""}`, ""];
  for (const [key, note] of notes) lines.push(`## ${safe(note.about)}`, "", `\`${key}\``, "", ...note.text.split("\n").map(safe), "");
  return lines.join("\n");
}
