"""Promotions and coupon codes of the demo shop (``merchandising.toml``)."""

from collections.abc import Iterable
from typing import Any

from cms.selectors import shop_currency
from demo.content import ContentError
from shop.catalog.models import CategoryPage
from shop.promotions.kinds import registry
from shop.promotions.models import Coupon, Promotion

# What a promotion of the file may say beside its kind, products and codes.
PLAIN = ("first_order", "exclusive", "minimum_spend", "limit_per_customer")


def load_promotions(entries: Iterable[dict[str, Any]]) -> None:
    """Adds what is missing and leaves alone what is there, known by name. Amounts in the file are minor units."""
    for entry in entries:
        if not Promotion.objects.filter(title=entry["title"]).exists():
            add_promotion(entry)


def add_promotion(entry: dict[str, Any]) -> Promotion:
    """Raises ContentError for a kind that does not exist, or without what that kind needs."""
    kind, arguments = entry["kind"], dict(entry.get("arguments", {}))
    if kind not in registry or not registry.required(kind).issubset(arguments):
        raise ContentError(f"merchandising.toml: the promotion {entry['title']!r} is of no kind, or lacks something.")
    promotion = Promotion(
        title=entry["title"],
        kind=kind,
        arguments=arguments,
        currency=shop_currency(),
        with_code=bool(entry.get("codes")),
        applies_to=_products(entry),
        live=False,
        **{name: entry[name] for name in PLAIN if name in entry},
    )
    promotion.save()
    promotion.save_revision().publish()
    for code in entry.get("codes", []):
        Coupon.objects.create(promotion=promotion, code=code)
    return promotion


def _products(entry: dict[str, Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    if slugs := entry.get("categories"):
        found.append(("categories", list(CategoryPage.objects.filter(slug__in=slugs))))
    if skus := entry.get("skus"):
        found.append(("skus", "\n".join(skus)))
    return found
