// Shows how far an import is, and loads the page again when its state changes.
const SECONDS = 2;
const place = document.querySelector("[data-import-progress]");

async function look() {
  try {
    const answer = await fetch(place.dataset.importProgress, { headers: { Accept: "application/json" } });
    const run = await answer.json();
    if (!run.working || run.state !== place.dataset.importState) {
      window.location.reload();
      return;
    }
    place.querySelector("progress").value = run.progress;
    place.querySelector("[data-import-percent]").textContent = `${Math.round(run.progress * 100)} %`;
  } catch {
    // The next look may succeed; the link beside the bar works in any case.
  }
  setTimeout(look, SECONDS * 1000);
}

if (place) {
  setTimeout(look, SECONDS * 1000);
}
