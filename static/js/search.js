// Suggestions: arrow keys walk through them, Escape closes them. Without this file the box is a plain form.

// Tells that a result was opened, so that editors see which searches lead nowhere: the words, nothing of who searched.
function countFollowed() {
  const results = document.querySelector("[data-search-results]");
  if (!results?.dataset.searchResults) return;
  results.addEventListener("click", (event) => {
    if (!event.target.closest(".card a, .teaser a")) return;
    navigator.sendBeacon(results.dataset.followed, new URLSearchParams({ q: results.dataset.searchResults }));
  });
}

export function wireSearch() {
  countFollowed();
  const box = document.querySelector("[data-search]");
  if (!box) return;
  const input = box.querySelector("input");
  const list = box.querySelector(".suggestions");
  const clear = () => list.replaceChildren();
  const links = () => [...list.querySelectorAll("a")];

  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (list.childElementCount) event.stopPropagation();
      clear();
      input.focus();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [input, ...links()];
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length];
    event.preventDefault();
    next.focus();
  });
  input.addEventListener("input", () => { if (!input.value.trim()) clear(); });
  document.addEventListener("click", (event) => { if (!box.contains(event.target)) clear(); });
  box.addEventListener("focusout", (event) => { if (event.relatedTarget && !box.contains(event.relatedTarget)) clear(); });
  document.getElementById("site-search")?.addEventListener("toggle", (event) => {
    if (event.newState === "open") input.focus();
  });
}
