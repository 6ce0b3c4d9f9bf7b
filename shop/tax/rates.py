"""Which rate holds: for a variant, in a country, at a moment."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from cms.selectors import shop_chrome, shop_country
from shop.tax.models import Elsewhere, TaxRate, VariantTaxClass


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of the classes (by id, basis points) at home and where the goods go, at one moment."""

    home: Mapping[int, int]
    there: Mapping[int, int]
    default_class: int | None
    elsewhere: str = Elsewhere.HOME
    abroad: bool = False

    def at_home(self, tax_class: int | None) -> int:
        """What is inside prices that include tax; 0 where nobody has said."""
        return self.home.get(self._known(tax_class), 0)

    def at_destination(self, tax_class: int | None) -> int | None:
        """What the buyer owes; None where the goods leave the country untaxed."""
        known = self._known(tax_class)
        if not self.abroad:
            return self.home.get(known, 0)
        if known in self.there:
            return self.there[known]
        return self.home.get(known, 0) if self.elsewhere == Elsewhere.HOME else None

    def _known(self, tax_class: int | None) -> int:
        return tax_class or self.default_class or 0


def rates_for(*, country: str, elsewhere: str = Elsewhere.HOME, at: datetime | None = None) -> Rates:
    """The rates for goods that go to ``country``; one query."""
    home = shop_country()
    moment = at or timezone.now()
    found: dict[str, dict[int, int]] = {home: {}, country: {}}
    default = None
    # Oldest first: the last one that is seen holds.
    rows = TaxRate.objects.filter(country__in={home, country}, valid_from__lte=moment).order_by("valid_from", "pk")
    for place, tax_class, rate, usual in rows.values_list("country", "tax_class", "rate", "tax_class__is_default"):
        found[place][tax_class] = rate
        default = tax_class if usual else default
    return Rates(
        home=found[home],
        there=found[country],
        default_class=default,
        elsewhere=elsewhere,
        abroad=country != home,
    )


def classes_of(skus: Collection[str]) -> dict[str, int]:
    """The tax class of each SKU that is not of the default class; one query."""
    rows = VariantTaxClass.objects.filter(variant__sku__in=skus)
    return dict(rows.values_list("variant__sku", "tax_class"))


def rates_of_variants(variant_ids: Collection[int]) -> dict[int, int]:
    """The rate that each variant bears at home now, in basis points, whether it is in its price or not."""
    rates = rates_for(country=shop_country())
    classes = dict(VariantTaxClass.objects.filter(variant__in=variant_ids).values_list("variant", "tax_class"))
    return {pk: rates.at_home(classes.get(pk)) for pk in variant_ids}


def rates_inside_prices(variant_ids: Collection[int]) -> dict[int, int]:
    """The rate inside each variant's price: 0 for all where prices are without tax (registered with pricing)."""
    if not shop_chrome().prices_include_tax:
        return dict.fromkeys(variant_ids, 0)
    return rates_of_variants(variant_ids)
