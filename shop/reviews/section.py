"""Reviews on the product's page."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from shop.catalog.models import ProductPage
from shop.catalog.sections import ProductSection
from shop.catalog.templatetags.ratings import star_text
from shop.reviews.models import STARS_LEAST, STARS_MOST, Review
from shop.reviews.selectors import published

# The newest reviews stand on the product's page; all of them have pages of their own.
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Reviews:
    """``rating`` in hundredths of a star, None without reviews."""

    product_id: int
    reviews: list[Review]
    rating: int | None
    count: int

    @property
    def all_url(self) -> str:
        return reverse("reviews:list", args=[self.product_id])

    @property
    def write_url(self) -> str:
        return reverse("reviews:write", args=[self.product_id])

    @property
    def more(self) -> bool:
        return self.count > len(self.reviews)


class ReviewsSection(ProductSection):
    """The newest reviews with the way to all of them and to the form; one query, none where there are no reviews."""

    code = "reviews"
    template = "partials/reviews/section.html"
    rank = 20

    def context(self, product: ProductPage) -> Reviews:
        row = getattr(product, "listing", None)
        count = row.reviews if row else 0
        reviews = list(published(product_id=product.pk)[:SHOWN]) if count else []
        return Reviews(product.pk, reviews, row.rating if row else None, count)

    def structured_data(self, product: ProductPage, context: Any) -> dict[str, Any]:
        """schema.org's AggregateRating and Review; nothing without reviews, as Google wants it."""
        if not context.count or context.rating is None:
            return {}
        rating = {
            "@type": "AggregateRating",
            "ratingValue": star_text(context.rating),
            "reviewCount": context.count,
            "bestRating": STARS_MOST,
            "worstRating": STARS_LEAST,
        }
        return {"aggregateRating": rating, "review": [_review(review) for review in context.reviews]}


def _review(review: Review) -> dict[str, Any]:
    data = {
        "@type": "Review",
        "author": {"@type": "Person", "name": review.name},
        "datePublished": timezone.localtime(review.created_at).date().isoformat(),
        "reviewBody": review.words,
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": review.stars,
            "bestRating": STARS_MOST,
            "worstRating": STARS_LEAST,
        },
    }
    return data | ({"name": review.title} if review.title else {})
