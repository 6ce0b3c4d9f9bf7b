// What a script adds to pages that work without one. Loaded as a module, so after the page is parsed.
import { wireAccount } from "./account.js";
import { wireCart } from "./cart.js";
import { wireFailures } from "./failures.js";
import { wireGalleries } from "./gallery.js";
import { wireListings } from "./listing.js";
import { wireQuantities } from "./quantity.js";
import { wireSearch } from "./search.js";
import { wireWishlist } from "./wishlist.js";
import { wireShelves } from "./shelf.js";

document.documentElement.classList.add("js");

// A form that must not be sent twice by an impatient double click.
function wireOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-once]");
    if (!form) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}

// Side summary of the checkout: always open beside the form; on a phone it is folded unless the page has news in it.
const wide = window.matchMedia("(min-width: 60rem)");
const folds = () => [...document.querySelectorAll("#checkout-page details")];
let unfolded = [];

function setFolds() {
  // What the buyer has opened stays open when another country changes the page.
  folds().forEach((fold) => { if (unfolded.includes(fold.className)) fold.open = true; });
  if (wide.matches) document.querySelectorAll(".summary-fold").forEach((fold) => { fold.open = true; });
}

function wireFolds() {
  wide.addEventListener("change", () => {
    document.querySelectorAll(".summary-fold").forEach((fold) => { fold.open = wide.matches; });
  });
  document.addEventListener("htmx:beforeSwap", () => {
    unfolded = folds().filter((fold) => fold.open).map((fold) => fold.className);
  });
  setFolds();
}

// Open menus close when the reader goes elsewhere or presses Escape.
function wireMenus() {
  const close = (except) => document.querySelectorAll(".site-nav details[open]").forEach((menu) => {
    if (!menu.contains(except)) menu.open = false;
  });
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("focusin", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector(".site-nav details[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
}

// What the buyer has to mend is where reading goes on.
function showErrors() {
  document.querySelector("[data-errors]")?.focus();
}

wireOnce();
wireFolds();
wireMenus();
wireAccount();
wireCart();
wireSearch();
wireQuantities(document);
wireGalleries(document);
wireListings();
wireFailures();
wireWishlist();
wireShelves();
showErrors();

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "checkout-page") setFolds();
  wireQuantities(event.target.parentElement || document);
  wireGalleries(event.target.parentElement || document);
});
// A page restored by the back button may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
