"""A stand-in for Stripe.js: the few calls that our page makes, with cards to choose instead of numbers to type."""

SCRIPT = """
"use strict";
(() => {
  const here = new URL(document.currentScript.src).origin;
  const confirm = async (reference, card) => {
    const answer = await fetch(`${here}/v3/confirm/${reference}`, {
      method: "POST", body: new URLSearchParams({ card }),
    });
    return answer.json();
  };
  window.Stripe = () => ({
    elements({ clientSecret }) {
      const reference = clientSecret.split("_secret_")[0];
      let choice;
      return {
        reference,
        card: () => choice.value,
        submit: async () => ({}),
        create: () => ({
          on(event, listener) { if (event === "ready") { setTimeout(listener, 0); } },
          mount(target) {
            const place = typeof target === "string" ? document.querySelector(target) : target;
            const label = document.createElement("label");
            label.textContent = "Pretend card ";
            choice = document.createElement("select");
            for (const card of ["approves", "declines", "asks"]) { choice.add(new Option(card, card)); }
            label.append(choice);
            place.replaceChildren(label);
          },
        }),
      };
    },
    async confirmPayment({ elements, confirmParams }) {
      const card = elements.card();
      let intent = await confirm(elements.reference, card);
      if (card === "asks" && window.confirm("Your bank asks: is it you?")) {
        intent = await confirm(elements.reference, "approves");
      }
      if (intent.error || card === "declines") {
        return { error: { type: "card_error", message: intent.error?.message ?? "Your card was declined." } };
      }
      window.location.assign(`${confirmParams.return_url}?payment_intent=${elements.reference}&redirect_status=x`);
      return {};
    },
  });
})();
"""
