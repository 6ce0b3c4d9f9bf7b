"""Which payment providers are offered, in the order the checkout shows them."""

from storefront.settings.env import env

# Dotted paths of provider classes (see shop/payments/providers/base.py). The dummy provider is for trying the shop out.
PAYMENT_PROVIDERS = env.list(
    "PAYMENT_PROVIDERS",
    default=["shop.payments.providers.dummy.DummyProvider", "shop.payments.providers.invoice.InvoiceProvider"],
)

# The dummy provider moves no money: outside DEBUG it is offered only where somebody says that this is meant.
PAYMENT_ALLOW_TEST_PROVIDERS = env.bool("PAYMENT_ALLOW_TEST_PROVIDERS", default=False)

# Seconds that a buyer has to confirm a payment; after that the order is cancelled and its stock goes back.
PAYMENT_CONFIRMATION_TIMEOUT = env.int("PAYMENT_CONFIRMATION_TIMEOUT", default=30 * 60)

# Attempts to order from one internet address within an hour; one visitor may make a third of them. Each holds stock.
CHECKOUT_ATTEMPTS_PER_HOUR = env.int("CHECKOUT_ATTEMPTS_PER_HOUR", default=60)
