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

// Changing the cart replaces its list. Whoever was on a button finds himself on the same one afterwards, or on the
// heading if its line has gone.
function keepFocus() {
  let wanted = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const active = document.activeElement;
    wanted = null;
    if (event.target.id !== "cart-contents" || !event.target.contains(active)) return;
    const form = active.closest("form");
    wanted = {
      action: form?.getAttribute("action"),
      sku: form?.elements.sku?.value,
      control: active.dataset.step ? `[data-step="${active.dataset.step}"]` : active.name ? `[name="${active.name}"]` : "[type=submit]:not(.no-js)",
    };
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!wanted) return;
    const forms = [...document.querySelectorAll("#cart-contents form")];
    const form = forms.find((each) => each.getAttribute("action") === wanted.action && each.elements.sku?.value === wanted.sku);
    const heading = document.querySelector("#cart-drawer[open] h2") ?? document.querySelector("main h1");
    heading?.setAttribute("tabindex", "-1");
    const next = form?.querySelector(wanted.control) ?? form?.querySelector("[name=quantity]") ?? heading;
    wanted = null;
    // The buttons for more and less come to life in this very event.
    requestAnimationFrame(() => next?.focus());
  });
}

export function wireCart() {
  showCount();
  window.addEventListener("pageshow", showCount);
  // Another tab may have changed it.
  document.addEventListener("visibilitychange", showCount);
  window.addEventListener("focus", showCount);

  const drawer = document.getElementById("cart-drawer");
  let opener = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!drawer?.open) opener = event.detail.elt;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (drawer && event.target.id === "cart-drawer-body" && !drawer.open) drawer.showModal();
  });
  document.addEventListener("htmx:afterRequest", showCount);
  // The button is disabled while the drawer opens, so the browser cannot find the way back by itself.
  drawer?.addEventListener("close", () => (opener?.matches("form") ? opener.querySelector("[type=submit]") : opener)?.focus());
  // A click on the backdrop closes the drawer.
  drawer?.addEventListener("click", (event) => { if (event.target === drawer) drawer.close(); });
  keepFocus();
}
