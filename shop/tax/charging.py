"""The tax of a cart: rounded half-up once per line and once per rate of delivery, then only added up.

Prices with tax stay what they are wherever the goods go; the tax in them is the destination's. Where a buyer owes none,
the home country's is taken out of them. To prices without tax it is added.
"""

from dataclasses import dataclass, replace

from cms.selectors import shop_chrome, shop_country
from shop.cart.contents import DELIVERY, Adjustment, Cart, CartLine
from shop.cart.terms import CartTax, RatePart, Taxed
from shop.money import added_tax, included_tax, spread
from shop.tax.models import TaxSettings
from shop.tax.notes import relief_note
from shop.tax.numbers import TaxNumber, parse
from shop.tax.rates import Rates, classes_of, rates_for

CODE = "tax"


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for this buyer. ``relieved``: a business abroad that owes nothing here."""

    rates: Rates
    inclusive: bool
    relieved: bool

    def charge(self, amount: int, tax_class: int | None) -> Taxed:
        """The tax of an amount as the shop prices it."""
        rate = None if self.relieved else self.rates.at_destination(tax_class)
        if rate is not None:
            tax = included_tax(amount, rate) if self.inclusive else added_tax(amount, rate)
            return Taxed(rate, tax, 0 if self.inclusive else tax)
        inside = included_tax(amount, self.rates.at_home(tax_class)) if self.inclusive else 0
        return Taxed(0, 0, -inside)


def charge_tax(cart: Cart) -> Cart:
    """The cart with its tax (registered as an adjuster)."""
    settings, chrome = TaxSettings.current(), shop_chrome()
    destination = cart.destination or shop_country()
    number = business_number(cart, settings, destination)
    terms = Terms(
        rates=rates_for(country=destination, elsewhere=settings.elsewhere),
        inclusive=chrome.prices_include_tax,
        relieved=number is not None,
    )
    classes = classes_of([line.sku for line in cart.lines])
    lines = {line.sku: terms.charge(line.amount, classes.get(line.sku)) for line in cart.lines}
    delivery = _delivery(cart, terms, classes, settings)
    tax = CartTax(
        label=chrome.tax_label,
        registration=settings.registration_number,
        lines=lines,
        delivery=delivery,
        note=relief_note(chrome.tax_label, destination, number) if number or _untaxed(terms) else "",
        prices_include_tax=terms.inclusive,
        relieved=terms.relieved,
    )
    return _shown(replace(cart, tax=tax), terms)


def business_number(cart: Cart, settings: TaxSettings, destination: str) -> TaxNumber | None:
    """The number for which this buyer owes no tax here: valid, and of the foreign country that the goods go to."""
    if not settings.relieve_businesses or destination == shop_country():
        return None
    number = parse(cart.buyer.tax_number) if cart.buyer.tax_number else None
    return number if number and number.country == destination else None


def by_rate(tax: CartTax, lines: tuple[CartLine, ...]) -> list[RatePart]:
    """A cart's tax by rate, the highest first."""
    parts = list(tax.delivery)
    for line in lines:
        taxed = tax.lines[line.sku]
        parts.append(RatePart(taxed.rate, line.amount + taxed.adjustment - taxed.tax, taxed.tax))
    return [
        RatePart(
            rate,
            net=sum(part.net for part in parts if part.rate == rate),
            tax=sum(part.tax for part in parts if part.rate == rate),
        )
        for rate in sorted({part.rate for part in parts}, reverse=True)
    ]


def _untaxed(terms: Terms) -> bool:
    """Whether goods of the usual kind go to a country that this shop charges no tax for."""
    return terms.rates.at_destination(None) is None


def _delivery(cart: Cart, terms: Terms, classes: dict[str, int], settings: TaxSettings) -> tuple[RatePart, ...]:
    """Delivery by rate: of the class in the settings, else in proportion to the goods."""
    adjustment = cart.adjustment(DELIVERY)
    if adjustment is None or not adjustment.amount:
        return ()
    # By class rather than by rate: goods without tax here may differ in what is taken off.
    weights: dict[int | None, int] = {}
    if settings.delivery_class_id is None:
        for line in cart.lines:
            if line.amount:
                key = classes.get(line.sku)
                weights[key] = weights.get(key, 0) + line.amount
    weights = weights or {settings.delivery_class_id: 1}
    amounts = spread(adjustment.amount, list(weights.values()))
    parts: dict[int, RatePart] = {}
    for tax_class, amount in zip(weights, amounts, strict=True):
        taxed = terms.charge(amount, tax_class)
        before = parts.get(taxed.rate, RatePart(taxed.rate, 0, 0))
        net = amount + taxed.adjustment - taxed.tax
        parts[taxed.rate] = RatePart(taxed.rate, before.net + net, before.tax + taxed.tax)
    return tuple(parts.values())


def _shown(cart: Cart, terms: Terms) -> Cart:
    """The cart with a line for the tax of each rate: inside the total, on top of it, or taken off."""
    tax = cart.tax
    if tax is None:
        return cart
    parts = [part for part in by_rate(tax, cart.lines) if part.tax]
    cart = cart.with_adjustments(
        *(
            Adjustment(_code(part, parts), _label(part, parts, tax), part.tax, included=terms.inclusive)
            for part in parts
        )
    )
    relief = sum(taxed.adjustment for taxed in tax.lines.values() if taxed.adjustment < 0)
    delivery = cart.adjustment(DELIVERY)
    paid = sum(part.net + part.tax for part in tax.delivery)
    if delivery and terms.inclusive and paid != delivery.amount:
        cart = cart.with_adjustments(replace(delivery, amount=paid))
    return cart.with_adjustments(Adjustment("tax-relief", f"{tax.label} taken off", relief)) if relief else cart


def _code(part: RatePart, parts: list[RatePart]) -> str:
    return CODE if len(parts) == 1 else f"{CODE}-{part.rate}"


def _label(part: RatePart, parts: list[RatePart], tax: CartTax) -> str:
    name = f"{tax.label} {part.rate / 100:g}%" if len(parts) > 1 or not tax.prices_include_tax else tax.label
    return f"Includes {name}" if tax.prices_include_tax else name
