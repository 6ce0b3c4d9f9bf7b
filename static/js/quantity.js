// Buttons for one more and one less beside a number field.

export function wireQuantities(root) {
  for (const box of root.querySelectorAll("[data-quantity]:not(.quantity--live)")) {
    const input = box.querySelector("input");
    box.classList.add("quantity--live");
    for (const button of box.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => {
        const [low, high] = [Number(input.min) || 1, Number(input.max) || 99];
        const wanted = (Number(input.value) || low) + Number(button.dataset.step);
        const next = Math.min(high, Math.max(low, wanted));
        if (next === Number(input.value)) return;
        input.value = next;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
  }
}
