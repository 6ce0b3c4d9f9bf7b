"""Why no tax is charged, in words for the order and its papers."""

from django_countries import countries

from cms.selectors import shop_country
from shop.tax.numbers import EUROPEAN_UNION, TaxNumber


def relief_note(label: str, destination: str, number: TaxNumber | None) -> str:
    """One sentence: a supply inside the EU, an export to a business, or an export."""
    if number is None:
        return f"No {label} is charged on deliveries to {countries.name(destination)}."
    if shop_country() in EUROPEAN_UNION and number.country in EUROPEAN_UNION:
        return f"No {label} is charged: intra-Community supply, reverse charge. Buyer’s number {number.text}."
    return f"No {label} is charged: export to a business. Buyer’s number {number.text}."
