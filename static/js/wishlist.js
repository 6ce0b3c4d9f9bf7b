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

// Hearts on cards: one question for all of them.
async function askCards() {
  const hearts = [...document.querySelectorAll("form[data-wish]:not([data-asked])")];
  if (!count() || !hearts.length) return;
  for (const heart of hearts) heart.dataset.asked = "1";
  const answer = await fetch(hearts[0].dataset.wish).catch(() => null);
  if (answer?.status !== 200) return;
  const { products } = await answer.json();
  for (const heart of hearts) showHeart(heart, products.includes(Number(heart.elements.product.value)));
}

function showHeart(heart, wished) {
  heart.classList.toggle("card__heart--on", wished);
  heart.querySelector("[data-wish-words]").textContent = wished ? "Take off my list" : "Add to my list";
}

function say(message) {
  let place = document.getElementById("wish-said");
  if (!place) {
    place = document.createElement("div");
    place.id = "wish-said";
    place.className = "visually-hidden";
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  place.textContent = message;
}

async function changeCard(event) {
  const heart = event.target.closest?.("form[data-wish]");
  if (!heart) return;
  event.preventDefault();
  const address = heart.classList.contains("card__heart--on") ? heart.dataset.wishOff : heart.action;
  const body = new URLSearchParams({ product: heart.elements.product.value, layout: "card" });
  const answer = await fetch(address, { method: "POST", body }).catch(() => null);
  if (answer?.status !== 200) {
    heart.submit(); // the browser says what is wrong
    return;
  }
  const { wished, message } = await answer.json();
  const product = heart.elements.product.value;
  for (const same of document.querySelectorAll("form[data-wish]")) {
    if (same.elements.product.value === product) showHeart(same, wished);
  }
  showCount();
  say(message);
}

export function wireWishlist() {
  showCount();
  askHearts();
  askCards();
  document.addEventListener("submit", changeCard);
  document.addEventListener("htmx:afterSettle", askCards);
  document.addEventListener("shop:cards", askCards);
  window.addEventListener("pageshow", showCount);
  document.addEventListener("visibilitychange", showCount);
  document.addEventListener("htmx:afterRequest", showCount);
  // Choosing another variant brings the product's page anew, with its empty heart.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "product") askHearts();
  });
}
