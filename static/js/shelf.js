// What this browser remembers of products, and nobody else: those looked at, and those to compare.

const RECENT = { key: "recently-viewed", most: 12 };
const COMPARED = { key: "compare", most: 4 };

function read(list) {
  try {
    const found = JSON.parse(localStorage.getItem(list.key)) || [];
    return found.filter((id) => /^\d+$/.test(id)).slice(0, list.most);
  } catch {
    return []; // private browsing, or somebody else's rubbish
  }
}

function write(list, ids) {
  try {
    if (ids.length) localStorage.setItem(list.key, JSON.stringify(ids.slice(0, list.most)));
    else localStorage.removeItem(list.key);
  } catch {
    // Without storage the shop works, it only remembers nothing.
  }
}

async function fill(section, ids) {
  const answer = await fetch(`${section.dataset.recent}?ids=${ids.join(",")}`).catch(() => null);
  if (answer?.status !== 200) return;
  section.querySelector("[data-recent-shelf]").innerHTML = await answer.text();
  section.hidden = false;
  document.dispatchEvent(new Event("shop:cards"));
}

function wireRecent(here) {
  const others = read(RECENT).filter((id) => id !== here);
  const section = document.querySelector("[data-recent]");
  if (section && others.length) fill(section, others);
  section?.querySelector("[data-recent-forget]").addEventListener("click", () => {
    write(RECENT, here ? [here] : []);
    section.hidden = true;
  });
  if (here) write(RECENT, [here, ...others]);
}

function wireCompare(here) {
  // The address of the comparison is the truth: what was taken away there is no longer remembered.
  const page = document.querySelector("[data-compared]");
  if (page) write(COMPARED, page.dataset.compared.split(",").filter(Boolean));
  const link = document.querySelector("[data-compare]");
  if (!link || !here) return;
  const others = read(COMPARED).filter((id) => id !== here).slice(0, COMPARED.most - 1);
  const address = new URL(link.href);
  address.searchParams.set("ids", [...others, here].join(","));
  link.href = address.href.replaceAll("%2C", ",");
  if (others.length) link.textContent = `Compare with ${others.length === 1 ? "the one" : `the ${others.length}`} you chose`;
}

export function wireShelves() {
  const here = document.querySelector("[data-product]")?.dataset.product;
  wireRecent(here);
  wireCompare(here);
}
