"""Amounts as Stripe writes them, which is not always in a currency's own minor units.

Source: https://docs.stripe.com/currencies (zero-decimal, three-decimal and special currencies).
"""

from shop.money import exponent

# Charged in whole units.
ZERO_DECIMAL = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
# Charged in thousandths, the last digit of which has to be 0.
THREE_DECIMAL = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
# Charged in hundredths although nothing smaller than a whole unit exists: these must be whole.
WHOLE_IN_HUNDREDTHS = frozenset({"ISK", "UGX"})


class NotChargeable(ValueError):
    """Stripe cannot charge exactly this amount."""


def places(currency: str) -> int:
    """How many decimal places Stripe writes an amount of this currency with."""
    return 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2


def to_stripe(amount: int, currency: str) -> int:
    """Our minor units in Stripe's. Raises NotChargeable where that would have to be rounded."""
    shift = places(currency) - exponent(currency)
    scaled, rest = (amount * 10**shift, 0) if shift >= 0 else divmod(amount, 10**-shift)
    if rest or (currency in THREE_DECIMAL and scaled % 10) or (currency in WHOLE_IN_HUNDREDTHS and scaled % 100):
        raise NotChargeable(f"Stripe cannot charge {amount} minor units of {currency} exactly.")
    return scaled


def from_stripe(amount: int, currency: str) -> int:
    """Stripe's units in our minor units; rounded down where ours are coarser."""
    shift = places(currency) - exponent(currency)
    return amount // 10**shift if shift >= 0 else amount * int(10**-shift)
