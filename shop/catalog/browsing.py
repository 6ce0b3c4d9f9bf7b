"""What a shopper chooses in a listing: order, filters, page. All of it by plain GET parameters."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.http import QueryDict

from cms.restrictions import public
from shop.catalog.models import CategoryPage, ProductPage
from shop.money import MoneyError, exponent, to_minor

PER_PAGE = 24
NEWEST = "newest"
SORTS = ((NEWEST, "Newest"), ("price", "Price, low to high"), ("-price", "Price, high to low"), ("name", "Name"))
# Ties are broken by key, so that no product is on two pages of one listing.
ORDERS: dict[str, tuple[Any, ...]] = {
    NEWEST: (F("first_published_at").desc(nulls_last=True), "-pk"),
    "price": (F("listing__price").asc(nulls_last=True), "-pk"),
    "-price": (F("listing__price").desc(nulls_last=True), "-pk"),
    "name": (Lower("title"), "pk"),
}


class ListingForm(forms.Form):
    """Reads the parameters. A value that makes no sense is as good as none."""

    sort = forms.ChoiceField(choices=SORTS, required=False)
    available = forms.BooleanField(required=False)
    price_min = forms.DecimalField(required=False, min_value=Decimal(0), max_digits=12)
    price_max = forms.DecimalField(required=False, min_value=Decimal(0), max_digits=12)
    page = forms.IntegerField(required=False, min_value=1)

    def value(self, name: str) -> Any:
        """The cleaned value of a field, or None where it was left out or rubbish."""
        self.is_valid()
        return self.cleaned_data.get(name)


@dataclass(frozen=True, slots=True)
class Listing:
    """What was chosen. Prices are amounts as typed, in the shop's currency; ``price_min`` is the lower one."""

    sort: str = NEWEST
    available_only: bool = False
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    page: int = 1

    sort_choices = SORTS

    @property
    def is_filtered(self) -> bool:
        """Whether products may be left out."""
        return self.available_only or self.price_min is not None or self.price_max is not None

    @property
    def is_plain(self) -> bool:
        """Whether this is the listing as search engines should know it (any page of it)."""
        return not self.is_filtered and self.sort == NEWEST

    @property
    def query_string(self) -> str:
        """The choices as an address carries them, without the page; empty for the plain listing."""
        parameters: dict[str, str] = {}
        if self.sort != NEWEST:
            parameters["sort"] = self.sort
        if self.available_only:
            parameters["available"] = "1"
        for name in ("price_min", "price_max"):
            if (amount := getattr(self, name)) is not None:
                parameters[name] = str(amount)
        return urlencode(parameters)

    @property
    def query_prefix(self) -> str:
        """What stands between ``?`` and ``page=2``."""
        return f"{self.query_string}&" if self.query_string else ""

    def address(self, page: int) -> str:
        """The query of another page of this listing, ``?page=2``; the first page has no number."""
        return f"?{self.query_prefix}page={page}" if page > 1 else f"?{self.query_string}"


def read_listing(parameters: QueryDict, currency: str) -> Listing:
    """The choices that the parameters make sense of; bounds in the wrong order are exchanged."""
    form = ListingForm(parameters)
    low, high = (_amount(form.value(name), currency) for name in ("price_min", "price_max"))
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Listing(
        sort=form.value("sort") or NEWEST,
        available_only=bool(form.value("available")),
        price_min=low,
        price_max=high,
        page=form.value("page") or 1,
    )


def category_products(category: CategoryPage) -> "QuerySet[ProductPage]":
    """The live public products below a category, and those that name it or one below it as a further category."""
    further = ProductPage.further_categories.through.objects.filter(categorypage__path__startswith=category.path)
    return public(ProductPage.objects.live()).filter(
        Q(path__startswith=category.path) | Q(pk__in=further.values("productpage_id"))
    )


def choose(products: "QuerySet[ProductPage]", listing: Listing, currency: str) -> "QuerySet[ProductPage]":
    """The products that a listing's filters let through, in its order.

    A product with variants at several prices is in a price range if any of them could be.
    """
    if listing.available_only:
        products = products.filter(listing__available=True)
    if listing.price_min is not None:
        products = products.filter(listing__price_highest__gte=to_minor(listing.price_min, currency))
    if listing.price_max is not None:
        products = products.filter(listing__price__lte=to_minor(listing.price_max, currency))
    return products.order_by(*ORDERS[listing.sort])


def _amount(value: Decimal | None, currency: str) -> Decimal | None:
    """Rounded to what the currency has; None for what is no amount of money."""
    if value is None:
        return None
    try:
        rounded = value.quantize(Decimal(1).scaleb(-exponent(currency)))
        to_minor(rounded, currency)
    except (MoneyError, ArithmeticError):
        return None
    return rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded
