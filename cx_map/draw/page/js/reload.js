// Under `cxmap serve`: load the page again when there is a newer one, and say why there is none; the address keeps what
// is chosen.

if (opening.reload) {
  const problem = el("pre", { role: "alert", hidden: true });
  document.body.prepend(problem);
  const events = new EventSource(opening.reload);
  events.addEventListener("message", () => location.reload());
  events.addEventListener("problem", (event) => {
    problem.textContent = event.data;
    problem.hidden = !event.data;
  });
}
