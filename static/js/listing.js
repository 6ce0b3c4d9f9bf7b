// Sorting and filtering a listing in place: short addresses, and the filters stay open while they are being set.

export function wireListings() {
  let open = false;
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.closest("[data-listing]")) return;
    const { parameters } = event.detail;
    for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id === "listing") open = Boolean(event.target.querySelector(".filters")?.open);
  });
  document.addEventListener("htmx:afterSwap", () => {
    const filters = document.querySelector("#listing .filters");
    if (open && filters) filters.open = true;
    open = false;
  });
}
