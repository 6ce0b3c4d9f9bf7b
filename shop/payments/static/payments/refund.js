/* Says, while a refund is filled in, what goes back and what would be left. The server counts again. */
const sums = document.querySelector("[data-refund]");

if (sums) {
  const form = sums.closest("form");
  const places = Number(sums.dataset.places);
  const refundable = Number(sums.dataset.refundable);
  const money = new Intl.NumberFormat(document.documentElement.lang || "en", {
    style: "currency",
    currency: sums.dataset.currency,
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  const shown = (minor) => money.format(minor / 10 ** places);
  const [now, left, said] = ["now", "left", "said"].map((name) => sums.querySelector(`[data-refund-${name}]`));

  /* As the server does: all units come to the line's total, and the first ones bear what cannot be divided. */
  const paidFor = ({ total, quantity }, units) => units * Math.floor(total / quantity) + Math.min(units, total % quantity);

  /* Minor units of what is typed; null where it is no amount. */
  const typed = (text) => {
    const [, whole, part = ""] = /^(\d{1,12})(?:\.(\d*))?$/.exec(text) || [];
    return whole === undefined || part.length > places ? null : Number(whole + part.padEnd(places, "0"));
  };

  const total = () => {
    const amount = form.elements.amount.value.trim();
    if (amount) return typed(amount);
    let sum = 0;
    for (const field of form.querySelectorAll("[data-line-total]")) {
      const units = field.value === "" ? 0 : Number(field.value);
      const line = { total: Number(field.dataset.lineTotal), quantity: Number(field.dataset.lineQuantity) };
      if (!Number.isInteger(units) || units < 0 || units > line.quantity) return null;
      sum += paidFor(line, units);
    }
    const delivery = form.elements.delivery;
    return sum + (delivery?.checked ? Number(delivery.dataset.charge) : 0);
  };

  const say = () => {
    const sum = total();
    const tooMuch = sum !== null && sum > refundable;
    now.textContent = sum === null ? "–" : shown(sum);
    left.textContent = sum === null ? "–" : tooMuch ? `${shown(sum - refundable)} too much` : shown(refundable - sum);
    left.classList.toggle("order__error", tooMuch);
    said.textContent = `Goes back now: ${now.textContent}. Left afterwards: ${left.textContent}.`;
  };

  for (const row of sums.querySelectorAll("[hidden]")) row.hidden = false;
  sums.querySelector("[data-refund-static]")?.remove();
  form.addEventListener("input", say);
  say();
}
