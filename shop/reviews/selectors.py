"""Reading reviews. What shoppers get has no e-mail address in it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Avg, Count, QuerySet

from shop.catalog.models import ProductPage, Variant
from shop.catalog.offers import BATCH
from shop.orders.models import Order
from shop.orders.statuses import Status as OrderStatus
from shop.reviews.models import STARS_LEAST, STARS_MOST, Review, Status

# What a page of the shop reads of a review.
PUBLIC = ("pk", "stars", "title", "words", "name", "verified", "answer", "created_at", "product_id")

# States of an order whose buyer has what it lists, or soon will.
BOUGHT = (OrderStatus.PAID, OrderStatus.FULFILLED)


@dataclass(frozen=True, slots=True)
class Bar:
    """How many published reviews gave so many stars; ``percent`` of all, rounded."""

    stars: int
    count: int
    percent: int


def published(*, product_id: int) -> QuerySet[Review]:
    """What shoppers see, newest first; the address of the author is not even read."""
    return Review.objects.filter(product=product_id, status=Status.APPROVED).only(*PUBLIC)


def bars(*, product_id: int) -> list[Bar]:
    """From five stars down to one; one query."""
    rows = Review.objects.filter(product=product_id, status=Status.APPROVED).order_by()
    found = dict(rows.values_list("stars").annotate(count=Count("pk")))
    total = sum(found.values())
    return [
        Bar(stars, found.get(stars, 0), round(100 * found.get(stars, 0) / total) if total else 0)
        for stars in range(STARS_MOST, STARS_LEAST - 1, -1)
    ]


def ratings(product_ids: Collection[int]) -> dict[int, int]:
    """Mean of the published reviews in hundredths of a star, rounded; for listings."""
    return {pk: int(mean * 100 + 0.5) for pk, (mean, _) in _summaries(product_ids).items()}


def counts(product_ids: Collection[int]) -> dict[int, int]:
    """How many published reviews each product has; for listings."""
    return {pk: count for pk, (_, count) in _summaries(product_ids).items()}


def _summaries(product_ids: Collection[int]) -> dict[int, tuple[float, int]]:
    found: dict[int, tuple[float, int]] = {}
    ids = sorted(product_ids)
    for start in range(0, len(ids), BATCH):
        rows = Review.objects.filter(product__in=ids[start : start + BATCH], status=Status.APPROVED).order_by()
        summed = rows.values_list("product").annotate(mean=Avg("stars"), count=Count("pk"))
        found |= {pk: (float(mean), count) for pk, mean, count in summed}
    return found


def waiting() -> int:
    """How many reviews wait for staff."""
    return Review.objects.filter(status=Status.PENDING).count()


def bought_products(*, order: Order) -> list[ProductPage]:
    """The live products of an order's lines, in their order; a product that is gone is left out. Two queries."""
    skus = list(order.lines.values_list("sku", flat=True))
    owners = dict(Variant.objects.filter(sku__in=skus, product__live=True).values_list("sku", "product"))
    products = ProductPage.objects.in_bulk(set(owners.values()))
    return [products[pk] for pk in dict.fromkeys(owners[sku] for sku in skus if sku in owners)]


def reviewed(*, order: Order) -> set[int]:
    """The products of an order that have been reviewed through its link."""
    return set(Review.objects.filter(order=order).values_list("product", flat=True))


def has_bought(*, order: Order, product_id: int) -> bool:
    """Whether an order that is paid has a variant of the product among its lines."""
    if order.status not in BOUGHT:
        return False
    return order.lines.filter(sku__in=Variant.objects.filter(product=product_id).values("sku")).exists()
