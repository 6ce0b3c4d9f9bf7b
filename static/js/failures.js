// When a part of the page cannot be fetched, links and forms do what they would have done without a script. What changes
// something is not sent twice: it may have arrived, and only its answer was lost.

function tell(place) {
  place.parentElement.querySelector("[data-failure]")?.remove();
  const note = document.createElement("p");
  note.className = "alert alert--error";
  note.dataset.failure = "";
  note.setAttribute("role", "alert");
  place.after(note);
  note.textContent = "That did not work. Please check your cart and try again.";
}

export function wireFailures() {
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const from = event.detail.elt;
      if (from.matches("a[href]")) window.location.assign(from.href);
      else if (from.matches("form[method=get]")) from.submit();
      else if (from.matches("form")) tell(from);
    });
  }
  document.addEventListener("htmx:beforeRequest", () => document.querySelectorAll("[data-failure]").forEach((note) => note.remove()));
}
