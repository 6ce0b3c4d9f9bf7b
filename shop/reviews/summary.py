"""The dashboard's word on reviews."""

from typing import Any

from django.urls import reverse
from wagtail.admin.site_summary import SummaryItem
from wagtail.permissions import policy_registry

from shop.reviews.models import Review, Status
from shop.reviews.selectors import waiting


class ReviewsWaiting(SummaryItem):
    """How many reviews wait to be read, with the way to them."""

    order = 95
    template_name = "admin/reviews/summary.html"

    def is_shown(self) -> bool:
        policy = policy_registry.get_by_type(Review)
        return bool(policy.user_has_any_permission(self.request.user, {"view", "change"}))

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        url = reverse("wagtailsnippets_reviews_review:list")
        return {"waiting": waiting(), "url": f"{url}?status={Status.PENDING}"}
