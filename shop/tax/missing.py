"""What keeps goods from being taxed, in sentences for staff."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django_countries import countries

from cms.selectors import shop_country
from shop.tax.models import TaxClass, TaxRate, VariantTaxClass


def rates_at_home() -> "QuerySet[TaxRate]":
    """The rates of the shop's own country that have begun."""
    return TaxRate.objects.filter(country=shop_country(), valid_from__lte=timezone.now())


def home_name() -> str:
    """The shop's own country, as a person reads it."""
    return str(countries.name(shop_country()))


def warnings() -> list[str]:
    """Where goods are sold untaxed because nobody has said otherwise; one query."""
    taxed = rates_at_home().filter(tax_class=OuterRef("pk"))
    used = VariantTaxClass.objects.filter(tax_class=OuterRef("pk"))
    classes = list(TaxClass.objects.annotate(taxed=Exists(taxed), used=Exists(used)))
    if not any(each.is_default for each in classes):
        return ["No class is the default: products that nobody has put into another one are sold without tax."]
    return [
        f"“{each}” has no rate in {home_name()}, where the shop is: "
        f"{'products of no other class' if each.is_default else 'its products'} are sold without tax."
        for each in classes
        if not each.taxed and (each.is_default or each.used)
    ]
