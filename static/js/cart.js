// The cart's drawer and its count. The count is a readable cookie, so that cached pages can show it.

function count() {
  const found = document.cookie.match(/(?:^|; )cart_count=(\d{1,5})/);
  return found ? Number(found[1]) : 0;
}

function showCount() {
  for (const place of document.querySelectorAll("[data-cart-count]")) {
    const items = count();
    place.hidden = items === 0;
    place.textContent = items > 99 ? "99+" : String(items);
    const label = place.previousElementSibling;
    if (label) label.textContent = items === 1 ? "Cart, 1 item" : `Cart, ${items} items`;
  }
}

export function wireCart() {
  showCount();
  window.addEventListener("pageshow", showCount);

  const drawer = document.getElementById("cart-drawer");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (drawer && event.target.id === "cart-drawer-body" && !drawer.open) drawer.showModal();
  });
  document.addEventListener("htmx:afterRequest", showCount);
  // A click on the backdrop closes the drawer.
  drawer?.addEventListener("click", (event) => { if (event.target === drawer) drawer.close(); });
  // Where the drawer cannot be fetched, the cart's own page can still be opened.
  for (const name of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(name, (event) => {
      const form = event.target.closest?.("form");
      if (event.target.matches?.("[data-cart-opener]")) window.location.assign(event.target.href);
      else if (form?.action.includes("/cart/")) HTMLFormElement.prototype.submit.call(form);
    });
  }
}
