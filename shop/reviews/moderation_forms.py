"""The form in which staff decide about one review."""

from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm

from shop.reviews import services
from shop.reviews.models import Review, Status


class ModerationForm(WagtailAdminModelForm):
    """State, reason and answer. What the author wrote is read-only: staff publish a review or do not."""

    class Meta:
        model = Review
        fields = ["status", "reason", "answer"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("status") == Status.REJECTED and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say why: whoever looks at it next wants to know.")
        if cleaned.get("status") != Status.REJECTED:
            cleaned["reason"] = ""
        return cleaned

    def save(self, commit: bool = True) -> Review:
        """Through the services, so that listings follow."""
        values, review = self.cleaned_data, self.instance
        if {"status", "reason"} & set(self.changed_data):
            services.moderate(ids=[review.pk], status=values["status"], user=self.for_user, reason=values["reason"])
        if "answer" in self.changed_data:
            services.answer(review_id=review.pk, words=values["answer"])
        review.refresh_from_db()
        return review
