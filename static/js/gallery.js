// Thumbnails scroll the gallery instead of the page, and follow it.

export function wireGalleries(root) {
  for (const gallery of root.querySelectorAll("[data-gallery]:not([data-live])")) {
    gallery.dataset.live = "1";
    const track = gallery.querySelector(".gallery__track");
    const thumbs = [...gallery.querySelectorAll(".gallery__thumbs a")];
    if (!thumbs.length) continue;
    const mark = (index) => thumbs.forEach((thumb, i) => {
      if (i === index) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    });
    thumbs.forEach((thumb, index) => thumb.addEventListener("click", (event) => {
      event.preventDefault();
      track.scrollTo({ left: track.clientWidth * index });
      mark(index);
    }));
    track.addEventListener("scrollend", () => mark(Math.round(track.scrollLeft / track.clientWidth)));
  }
}
