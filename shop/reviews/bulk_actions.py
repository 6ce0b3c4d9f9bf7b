"""Deciding about many reviews at once, from their list in the admin."""

from typing import Any

from django import forms
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from shop.reviews import services
from shop.reviews.models import REASON_MOST, Review, Status


class ReviewBulkAction(SnippetBulkAction):
    """For those who may change reviews."""

    template_name = "admin/reviews/bulk_moderate.html"
    models = [Review]
    status: Status
    done: str

    def check_perm(self, snippet: Review) -> bool:
        return bool(self.permission_policy.user_has_permission_for_instance(self.request.user, "change", snippet))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"verb": self.display_name}

    def get_execution_context(self) -> dict[str, Any]:
        reason = self.cleaned_form.cleaned_data.get("reason", "") if self.cleaned_form else ""
        return {**super().get_execution_context(), "status": self.status, "reason": reason, "user": self.request.user}

    @classmethod
    def execute_action(cls, objects: list[Review], **kwargs: Any) -> tuple[int, int]:
        ids = [review.pk for review in objects]
        return services.moderate(ids=ids, status=kwargs["status"], user=kwargs["user"], reason=kwargs["reason"]), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return f"{num_parent_objects} review{'' if num_parent_objects == 1 else 's'} {self.done}."


class Publish(ReviewBulkAction):
    display_name = "Publish"
    action_type = "publish_reviews"
    aria_label = "Publish selected reviews"
    action_priority = 10
    status = Status.APPROVED
    done = "published"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=REASON_MOST,
        label="Why",
        help_text="For staff; never shown.",
        error_messages={"required": "Say why: whoever looks at it next wants to know."},
    )


class Reject(ReviewBulkAction):
    display_name = "Reject"
    action_type = "reject_reviews"
    aria_label = "Reject selected reviews"
    action_priority = 20
    form_class = ReasonForm
    status = Status.REJECTED
    done = "rejected"
