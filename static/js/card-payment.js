// The page on which a buyer enters a card: mounts Stripe's Payment Element, whose fields are Stripe's own.
// Stripe sends the buyer back to data-return; what became of the payment the server asks Stripe itself.

const form = document.querySelector("[data-card-payment]");

// The colours of this page, light or dark, as the browser has worked them out.
const appearance = (button) => {
  const page = getComputedStyle(document.body);
  const accent = getComputedStyle(button);
  return {
    theme: "stripe",
    variables: {
      colorPrimary: accent.backgroundColor,
      colorBackground: page.backgroundColor,
      colorText: page.color,
      fontFamily: page.fontFamily,
      borderRadius: accent.borderRadius,
    },
  };
};

const unavailable = () => {
  form.hidden = true;
  document.querySelector("[data-card-unavailable]").hidden = false;
};

const start = () => {
  const button = form.querySelector("[data-card-submit]");
  const problem = form.querySelector("[data-card-error]");
  const label = button.textContent;
  const fields = form.querySelector("[data-card-fields]");

  const say = (words) => {
    problem.hidden = !words;
    problem.firstElementChild.textContent = words;
  };

  form.hidden = false;
  const stripe = window.Stripe(form.dataset.key);
  const elements = stripe.elements({ clientSecret: form.dataset.secret, appearance: appearance(button) });
  const element = elements.create("payment");
  element.on("ready", () => {
    fields.removeAttribute("aria-busy");
    button.disabled = false;
  });
  element.on("loaderror", unavailable);
  fields.replaceChildren();
  element.mount(fields);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) { return; }
    say("");
    button.disabled = true;
    button.textContent = "Paying…";
    const wrong = (await elements.submit()).error ?? (await stripe.confirmPayment({
      elements,
      confirmParams: { return_url: new URL(form.dataset.return, window.location.href).href },
    })).error;
    if (!wrong) { return; }
    if (wrong.type === "invalid_request_error") {
      // Paid, cancelled or expired meanwhile, perhaps in another tab: the server knows.
      window.location.assign(form.dataset.return);
      return;
    }
    say(wrong.message || "The card could not be charged. Try again or use another card.");
    button.textContent = label;
    button.disabled = false;
  });
};

if (form && window.Stripe) {
  start();
} else if (form) {
  unavailable();
}
