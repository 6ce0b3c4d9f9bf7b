"""Which payment providers are offered, in the order the checkout shows them."""

from storefront.settings.env import env

# Dotted paths of provider classes (see shop/payments/providers/base.py). The dummy provider is for trying the shop out.
PAYMENT_PROVIDERS = env.list(
    "PAYMENT_PROVIDERS",
    default=["shop.payments.providers.dummy.DummyProvider", "shop.payments.providers.invoice.InvoiceProvider"],
)
