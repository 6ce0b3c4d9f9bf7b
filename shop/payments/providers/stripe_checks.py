"""What can be wrong with Stripe's settings, found when the site starts."""

from django.conf import settings
from django.core import checks

CAPTURES = ("automatic", "manual")
DASHBOARD = "Find it in Stripe's dashboard under Developers, API keys (docs/payments.md)."


def check_settings() -> list[checks.CheckMessage]:
    """Every problem at once, each with what to do."""
    found: list[checks.CheckMessage] = []
    secret, publishable = settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY
    if not secret.startswith(("sk_", "rk_")):
        found.append(_error("STRIPE_SECRET_KEY is missing or is not a secret key (sk_… or rk_…).", DASHBOARD, 1))
    if not publishable.startswith("pk_"):
        found.append(_error("STRIPE_PUBLISHABLE_KEY is missing or is not a publishable key (pk_…).", DASHBOARD, 2))
    if ("_test_" in secret) != ("_test_" in publishable):
        found.append(
            _error("Of STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY one is for tests, the other is live.", DASHBOARD, 3)
        )
    if not settings.STRIPE_WEBHOOK_SECRETS or not all(
        value.startswith("whsec_") for value in settings.STRIPE_WEBHOOK_SECRETS
    ):
        found.append(
            _error(
                "STRIPE_WEBHOOK_SECRETS is empty or holds something that is not a signing secret (whsec_…).",
                "Add an endpoint for /payments/webhooks/stripe/ in Stripe's dashboard and copy its signing secret.",
                4,
            )
        )
    if settings.STRIPE_CAPTURE not in CAPTURES:
        found.append(_error(f"STRIPE_CAPTURE is {settings.STRIPE_CAPTURE!r}.", f"Use {' or '.join(CAPTURES)}.", 5))
    return found


def _error(message: str, hint: str, number: int) -> checks.Error:
    return checks.Error(message, hint=hint, id=f"payments.stripe.E{number:03}")
