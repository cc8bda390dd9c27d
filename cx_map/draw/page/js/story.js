// The story: one step after another, each with what it shows on the map.

let storyCard = null;

function buildStory() {
  if (!story) return null;
  storyCard = el("section", { class: "story", tabindex: -1, "aria-label": t("Story"), hidden: true });
  return storyCard;
}

/** Everything that a step chooses; what it leaves out is as the page opens. */
function chosenIn(step, number) {
  const entity = (id) => (id ? byId.get(id) ?? -1 : -1);
  return {
    step: number, view: step.view || opening.view, state: step.state, compare: step.compare || "", select: entity(step.select),
    focus: step.focus || "both", to: entity(step.to), path: -1, back: false, search: step.search || "", filters: { ...step.filters },
    perspective: step.perspective || "", tab: step.select ? "details" : "findings",
    finding: step.finding ? findingOf(step.finding, step.state) : -1,
  };
}

/** Shows a step, or ends the story with -1. */
function tell(number) {
  if (!story) return;
  if (number < 0) {
    update({ step: -1 });
    stage.focus();
    return;
  }
  const step = story.steps[number];
  update(chosenIn(step, number));
  if (look.focus) showEntities(look.focus.nodes, true);
  else { moved = false; fitFirst(); }
  storyCard.focus({ preventScroll: true });
  say(`${step.title}. ${step.text || ""}`);
}

function refreshStory() {
  if (!storyCard) return;
  storyCard.hidden = S.step < 0;
  root.classList.toggle("telling", S.step >= 0);
  if (S.step < 0) return;
  const step = story.steps[S.step];
  const count = story.steps.length;
  storyCard.replaceChildren(
    bit("p", "count", t("{story} {n} of {all}", { story: story.title, n: num(S.step + 1), all: num(count) })),
    el("h2", step.title),
    step.text ? el("div", { class: "text" }, step.text.split(/\n+/).map((line) => el("p", line))) : null,
    el("div", { class: "choice" },
      button(`← ${t("Back")}`, () => tell(S.step - 1), { disabled: S.step === 0 }),
      button(`${t("Next")} →`, () => tell(S.step + 1), { disabled: S.step === count - 1, class: "main" }),
      button(t("End"), () => tell(-1), {})));
}
