// The wishlist's hearts and its count. Pages are the same for everyone: they come with an empty heart, and only a browser
// whose cookie says that there is a list asks for the real one.

function count() {
  const found = document.cookie.match(/(?:^|; )wishlist_count=(\d{1,3})/);
  return found ? Number(found[1]) : 0;
}

function showCount() {
  const items = count();
  for (const link of document.querySelectorAll("[data-wishlist]")) {
    link.querySelector("[data-wishlist-count]").textContent = items ? String(items) : "";
    link.querySelector("[data-wishlist-count]").hidden = items === 0;
    link.querySelector("[data-wishlist-label]").textContent = items ? `Your list, ${items} ${items === 1 ? "product" : "products"}` : "Your list";
  }
}

function askHearts() {
  if (!count()) return;
  for (const heart of document.querySelectorAll("form[data-heart]:not([data-asked])")) {
    heart.dataset.asked = "1";
    window.htmx?.ajax("GET", heart.dataset.heart, { target: heart, swap: "outerHTML" });
  }
}

export function wireWishlist() {
  showCount();
  askHearts();
  window.addEventListener("pageshow", showCount);
  document.addEventListener("visibilitychange", showCount);
  document.addEventListener("htmx:afterRequest", showCount);
  // Choosing another variant brings the product's page anew, with its empty heart.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "product") askHearts();
  });
}
