// Paper: the map with title and legend on one page, in light colours, whatever the screen shows.

let sheet = null;

function buildSheet() {
  sheet = el("section", { class: "sheet", "aria-hidden": "true" });
  window.addEventListener("beforeprint", fillSheet);
  window.addEventListener("afterprint", () => sheet.replaceChildren());
  return sheet;
}

function fillSheet() {
  const [, , w, h] = viewData().bounds;
  const points = Math.min(780 / w, 430 / h);  // to a unit, on A4
  const sizes = LEVELS[S.view].map((one) => (one.size || 11) * points);
  // On the web larger names would be cut to nothing: rather small and whole.
  const level = S.view === "web" ? Number(sizes[0] < 6) : sizes.findIndex((size) => size >= 6 || size === sizes.at(-1));
  const drawn = N <= 6000 ? vectorMap(level) : el("img", { alt: "", src: canvas.toDataURL() });
  drawn.setAttribute("class", `map ${S.view}`);
  const smallest = sizes[level];
  const paper = smallest >= 6 ? "" : t("The smallest names are {size} points high on A4; for 6 points print on {paper}.", { size: num(smallest), paper: paperFor(smallest) });
  sheet.replaceChildren(
    el("header", {}, el("h1", titleText()), el("p", subtitleText())),
    drawn, legendList(),
    bit("p", "hint", [chosenText(), paper].filter(Boolean).join(" ")));
}

function vectorMap(level) {
  const [x, y, w, h] = viewData().bounds;
  const drawn = svgPicture();
  drawn.update(level);
  for (const [role, text, sx, sy, size, anchor] of viewData().signs) {
    drawn.world.append(svg("text", { class: role, x: sx, y: sy, "font-size": role === "lane" ? size : Math.max(size, (LEVELS[S.view][level].size || 0) * 0.8), "text-anchor": anchor, text }));
  }
  drawn.node.setAttribute("viewBox", `${x} ${y - 10} ${w} ${h + 10}`);
  return drawn.node;
}

function paperFor(points) {
  const sizes = [["A3", 1.414], ["A2", 2], ["A1", 2.83], ["A0", 4]];
  return (sizes.find(([, times]) => points * times >= 6) || [t("several sheets, a part each")])[0];
}

/** What is chosen and filtered, in words, for those who see the paper only. */
function chosenText() {
  const told = [];
  if (S.select >= 0) told.push(S.to >= 0 ? t("Paths from {from} to {to}.", { from: core.name[S.select], to: core.name[S.to] }) : t("In focus: {name}.", { name: core.name[S.select] }));
  if (S.finding >= 0) told.push(block("findings").message[S.finding]);
  if (look.narrowed) told.push(t("{some} of {all} entities match the filters; the others are pale.", { some: num(look.matching), all: num(look.shown.entities) }));
  return told.join(" ");
}
