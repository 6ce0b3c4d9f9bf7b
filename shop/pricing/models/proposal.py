"""Changes of prices that somebody proposes and somebody else may have to approve."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.locks import BaseLock
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin
from wagtail.models.workflows import AbstractGroupApprovalTask

from shop.pricing.panels import LinesPanel


class AppliedLock(BaseLock):
    """A proposal that was applied is history."""

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> str:
        return "This proposal was applied. To change prices again, make a new one."


class PriceProposal(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, models.Model):
    """New prices for some variants, from a moment on, perhaps until another.

    The words and dates are content with drafts; the amounts are ``lines``, fixed when it is made. Publishing is
    applying them, once: see ``services`` in ``shop.pricing.proposing``.
    """

    title = models.CharField(
        "why", max_length=100, help_text="Stands beside every price in the history: Spring sale, New supplier…"
    )
    valid_from = models.DateTimeField("from", null=True, blank=True, help_text="Empty: as soon as it is approved.")
    valid_to = models.DateTimeField(
        "until", null=True, blank=True, help_text="For a sale: then the old prices come back. Empty: for good."
    )
    source = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, editable=False)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    panels = [
        FieldPanel("title", required_on_save=True),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")], heading="When"),
        LinesPanel(heading="Prices"),
    ]
    # What belongs to the proposal whichever of its drafts is looked at.
    KEPT = ("source", "created_at", "created_by_id", "applied_at", "applied_by_id")

    class Meta:
        verbose_name = "price proposal"

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.valid_to and self.valid_to <= (self.valid_from or timezone.now()):
            raise ValidationError({"valid_to": "It must end after it begins, and not in the past."})

    def with_content_json(self, content: Any) -> "PriceProposal":
        proposal: PriceProposal = super().with_content_json(content)
        for name in self.KEPT:
            setattr(proposal, name, getattr(self, name))
        return proposal

    def get_lock(self) -> Any:
        return AppliedLock(self) if self.applied_at else super().get_lock()

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> None:
        """Apply the proposal as this draft of it says. Raises PermissionDenied for those who may not, or not alone."""
        from shop.pricing import proposing  # writes with the models of this package

        if refusal := proposing.refusal(proposal=self, user=user):
            raise PermissionDenied(refusal)
        with transaction.atomic():
            draft = revision.as_object()
            proposing.apply(proposal=self, user=user, valid_from=draft.valid_from, valid_to=draft.valid_to)
            # What is published is the row as it is now, with who applied it and when.
            super().publish(revision, user=user, **kwargs)


class PriceProposalLine(models.Model):
    """One variant's new price beside the one that it had when the proposal was made. Amounts are minor units."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPLIED = "applied", "Applied"
        UNCHANGED = "unchanged", "As it was"
        REFUSED = "refused", "Refused"

    proposal = models.ForeignKey(PriceProposal, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", null=True, on_delete=models.SET_NULL, related_name="+")
    sku = models.CharField("SKU", max_length=64)
    # Null: it had no price.
    old_amount = models.BigIntegerField(null=True)
    old_compare_at = models.BigIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    compare_at = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    # Why it was refused, in words for staff.
    message = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.sku}: {self.old_amount} to {self.amount} {self.currency}"


class PriceApprovalTask(AbstractGroupApprovalTask):
    """Members of some groups approve prices, but nobody what they proposed themselves, or beyond their limit."""

    class Meta:
        verbose_name = "price approval task"

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        actions: list[Any] = super().get_actions(obj, user)
        from shop.pricing import proposing  # writes with the models of this package

        own = getattr(obj, "created_by_id", None) == user.pk
        if own or (isinstance(obj, PriceProposal) and proposing.refusal(proposal=obj, user=user)):
            return [action for action in actions if action[0] != "approve"]
        return actions

    @classmethod
    def get_description(cls) -> str:
        return "Members of the chosen groups approve prices that others proposed"
