"""Why no tax is charged, or why it is in spite of a number, in words for the buyer, the order and its papers."""

from django_countries import countries

from cms.selectors import shop_country
from shop.cart.terms import CartTax
from shop.tax.numbers import EUROPEAN_UNION, TaxNumber


def relief_note(label: str, destination: str, number: TaxNumber | None) -> str:
    """One sentence: a supply inside the EU, an export to a business, or an export."""
    if number is None:
        return f"No {label} is charged on deliveries to {countries.name(destination)}."
    if shop_country() in EUROPEAN_UNION and number.country in EUROPEAN_UNION:
        return f"No {label} is charged: intra-Community supply, reverse charge. Buyer’s number {number.text}."
    return f"No {label} is charged: export to a business. Buyer’s number {number.text}."


def number_note(tax: CartTax, number: TaxNumber) -> str:
    """What a buyer's number does to the cart: why no tax is charged, or that it is only noted."""
    if tax.relieved:
        return tax.note
    kept = f"{number.text} will stand on your invoice."
    if tax.note:
        return kept
    return f"{kept} {tax.label} stays: it is taken off for numbers of the country abroad that we deliver to."
