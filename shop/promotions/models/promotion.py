"""What editors offer. Content like a page: drafted, approved, scheduled, locked, and with a history."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index

from cms.models import KeepsLiveVersion
from shop.promotions.admin_forms import PromotionForm
from shop.promotions.kinds import CODE_MAX_LENGTH, Kind, registry
from shop.promotions.panels import PROMOTION_PANELS
from shop.promotions.product_blocks import PRODUCT_BLOCKS


class Promotion(
    KeepsLiveVersion,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    models.Model,
):
    """One offer: a kind with its arguments, and for whom, what and when it holds.

    Amounts in ``arguments`` and ``minimum_spend`` are minor units of ``currency``. ``starts_at`` counts, ``ends_at``
    does not: at that second it is over. How often it was used is not content and is kept in ``UsageCounter``, so that
    publishing an old draft moves no number.
    """

    class Match(models.TextChoices):
        ANY = "any", "any of these"
        ALL = "all", "all of these at once"

    title = models.CharField("name", max_length=80, help_text="What buyers read in the cart: 3 for 2 on candles.")
    kind = models.CharField(max_length=CODE_MAX_LENGTH, editable=False)
    arguments = models.JSONField(default=dict, blank=True)
    currency = models.CharField(max_length=3, editable=False)

    with_code = models.BooleanField(
        "needs a coupon code",
        default=False,
        help_text="Unticked, it applies by itself. Codes are made on the promotion's own list of codes.",
    )
    starts_at = models.DateTimeField("from", null=True, blank=True, help_text="To the second. Empty: at once.")
    ends_at = models.DateTimeField("until", null=True, blank=True, help_text="To the second. Empty: for good.")

    applies_to = StreamField(
        PRODUCT_BLOCKS, blank=True, verbose_name="only for", help_text="Empty: for everything in the shop."
    )
    match = models.CharField("products are in", max_length=3, choices=Match.choices, default=Match.ANY)
    not_for = StreamField(PRODUCT_BLOCKS, blank=True, verbose_name="but not for")
    leave_out_reduced = models.BooleanField(
        "leave out what is reduced already", default=False, help_text="Products with a struck-through price."
    )
    minimum_spend = models.BigIntegerField(null=True, blank=True)
    minimum_quantity = models.PositiveIntegerField(
        "units at least",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Of the products that it is for.",
    )

    groups = models.JSONField(default=list, blank=True)
    first_order = models.BooleanField(
        "first order only",
        default=False,
        help_text="For buyers whose account and e-mail address have not ordered yet. Each may use it once.",
    )
    limit_total = models.PositiveIntegerField(
        "uses altogether",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Orders that were given up do not count. Empty: no limit.",
    )
    limit_per_customer = models.PositiveIntegerField(
        "uses per customer",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Known by account or e-mail address. Empty: no limit.",
    )

    exclusive = models.BooleanField(
        "not together with others",
        default=False,
        help_text="Of offers that do not go together the buyer gets what saves most. Offers on products and offers "
        "on delivery never stand in each other's way.",
    )
    priority = models.SmallIntegerField(
        default=0, help_text="Offers with a higher number are counted first; each works on what is left to pay."
    )

    base_form_class = PromotionForm
    panels = PROMOTION_PANELS
    search_fields = [index.SearchField("title"), index.AutocompleteField("title"), index.FilterField("live")]

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="promotion")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="promotion",
        for_concrete_model=False,
    )

    class Meta:
        ordering = ["-priority", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="promotion_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(minimum_spend__isnull=True) | Q(minimum_spend__gte=0), name="promotion_spend_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["live", "with_code"], name="promotion_live")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "It must end after it begins."})

    @property
    def revisions(self) -> Any:
        return self._revisions

    @property
    def kind_object(self) -> Kind:
        """The kind itself. Raises UnknownKind where its app is no longer installed."""
        return registry.get(self.kind)

    @property
    def customer_limit(self) -> int | None:
        """How often one customer may use it; a first order is one order."""
        limits = [limit for limit in (self.limit_per_customer, 1 if self.first_order else None) if limit is not None]
        return min(limits) if limits else None

    @property
    def is_complete(self) -> bool:
        """Whether its kind is known and has what it needs: nothing else is ever offered to buyers."""
        return self.kind in registry and registry.required(self.kind).issubset(self.arguments)

    def runs_at(self, moment: datetime) -> bool:
        """Whether its dates let it count then."""
        return (self.starts_at is None or self.starts_at <= moment) and (self.ends_at is None or moment < self.ends_at)

    @property
    def state(self) -> str:
        """Where it stands, for editors."""
        now = timezone.now()
        if not self.live:
            return "Ended" if self.expired else "Draft"
        if self.starts_at and now < self.starts_at:
            return "Planned"
        return "Ended" if self.ends_at and now >= self.ends_at else "Running"

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "pages/promotions/preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from shop.promotions.wording import explain  # reads the models of this package

        return {**super().get_preview_context(request, mode_name), "sentences": explain(self)}
