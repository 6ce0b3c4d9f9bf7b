// Sorting and filtering a listing in place: short addresses, and what was unfolded stays so while filters are being set.

const folds = () => [...document.querySelectorAll("#listing details[id]")];

export function wireListings() {
  let open = [];
  let focused = "";
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.closest("[data-listing]")) return;
    const { parameters } = event.detail;
    for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  });
  document.addEventListener("click", (event) => {
    // The filters fold up first: the link then leads to where the products are.
    if (event.target.closest("[data-filters-done]")) document.getElementById("listing-filters").open = false;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "listing") return;
    open = folds().filter((fold) => fold.open).map((fold) => fold.id);
    focused = document.activeElement?.closest("#listing") ? document.activeElement.id : "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const fold of folds()) if (open.includes(fold.id)) fold.open = true;
    // htmx gives the focus back before what was unfolded is open again, where it cannot be taken.
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    open = [];
    focused = "";
  });
}
