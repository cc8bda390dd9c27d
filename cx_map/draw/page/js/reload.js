// Under `cxmap serve`: load the page again when the inventory was saved (the address keeps what is chosen), and say what is
// wrong while it cannot be read.

if (opening.reload) {
  const events = new EventSource(opening.reload);
  events.addEventListener("message", () => location.reload());
  events.addEventListener("problem", (event) => {
    for (const old of document.querySelectorAll(".problem")) old.remove();
    if (!event.data) return;
    const heading = el("strong", { text: t("The files have errors; this is the map as it was before.") });
    document.body.append(el("section", { class: "problem", role: "alert" }, heading, el("pre", { text: event.data })));
  });
}
