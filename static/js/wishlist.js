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

// Hearts on cards are buttons of one form in the page's header; one question tells how all of them are.
async function askCards() {
  const hearts = [...document.querySelectorAll("[form=wish]:not([data-asked])")];
  if (!count() || !hearts.length) return;
  for (const heart of hearts) heart.dataset.asked = "1";
  const answer = await fetch(hearts[0].form.dataset.ids).catch(() => null);
  if (answer?.status !== 200) return;
  const { products } = await answer.json();
  for (const heart of hearts) showHeart(heart, products.includes(Number(heart.value)));
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

// Sends the button without a script: the browser then says what is wrong.
function sendPlainly(heart) {
  const product = document.createElement("input");
  Object.assign(product, { type: "hidden", name: "product", value: heart.value });
  heart.form.append(product);
  heart.form.submit();
}

async function changeCard(event) {
  const heart = event.submitter;
  if (event.target.id !== "wish" || !heart) return;
  event.preventDefault();
  const address = heart.classList.contains("card__heart--on") ? heart.form.dataset.off : heart.form.action;
  const body = new URLSearchParams({ product: heart.value, layout: "card" });
  const answer = await fetch(address, { method: "POST", body }).catch(() => null);
  if (answer?.status !== 200) {
    sendPlainly(heart);
    return;
  }
  const { wished, message } = await answer.json();
  for (const same of document.querySelectorAll(`[form=wish][value="${heart.value}"]`)) showHeart(same, wished);
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
