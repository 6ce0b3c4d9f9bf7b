"""Which payment providers are offered, in the order the checkout shows them."""

from storefront.settings.env import env

# Dotted paths of provider classes (see shop/payments/providers/base.py). The dummy provider is for trying the shop out.
PAYMENT_PROVIDERS = env.list(
    "PAYMENT_PROVIDERS",
    default=["shop.payments.providers.dummy.DummyProvider", "shop.payments.providers.invoice.InvoiceProvider"],
)

# The dummy provider moves no money: outside DEBUG it is offered only where somebody says that this is meant.
PAYMENT_ALLOW_TEST_PROVIDERS = env.bool("PAYMENT_ALLOW_TEST_PROVIDERS", default=False)

# Seconds for which stock is held for a buyer who pays; after that the order is cancelled and its stock goes back.
RESERVATION_SECONDS = env.int("RESERVATION_SECONDS", default=15 * 60)

# Attempts to order from one internet address within an hour; one visitor may make a third of them. Each holds stock.
CHECKOUT_REQUIRE_PHONE = env.bool("CHECKOUT_REQUIRE_PHONE", default=False)
CHECKOUT_ATTEMPTS_PER_HOUR = env.int("CHECKOUT_ATTEMPTS_PER_HOUR", default=60)

# --- Stripe (shop/payments/providers/stripe.py); docs/payments.md says where to find these ---
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_PUBLISHABLE_KEY = env.str("STRIPE_PUBLISHABLE_KEY", default="")
# Signing secrets of the webhook, separated by commas: while a secret is changed, the old one and the new one.
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=[])
# "automatic" takes the money with the buyer's confirmation, "manual" only once the authorisation is stored here.
STRIPE_CAPTURE = env.str("STRIPE_CAPTURE", default="automatic")
# Seconds for one call to Stripe; a call that fails is repeated once.
STRIPE_TIMEOUT = env.int("STRIPE_TIMEOUT", default=5)
# Only tests lead these elsewhere.
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="https://api.stripe.com")
STRIPE_JS_URL = env.str("STRIPE_JS_URL", default="https://js.stripe.com/v3/")
