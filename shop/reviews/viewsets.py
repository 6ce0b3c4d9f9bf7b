"""Reviews in the admin: a list to find and move them, a page to read and answer one. Nobody adds one by hand."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, StatusTagColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from shop.catalog.models import ProductPage
from shop.reviews.models import Review, Status
from shop.reviews.moderation_forms import ModerationForm


class ReviewPermissionPolicy(ModelPermissionPolicy):
    """See, decide and delete can be given to groups; adding to nobody, not even to administrators."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "add" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, set(actions) - {"add"})


class ReviewFilterSet(WagtailFilterSet):
    """By state, stars, whether the author is a verified buyer, and product (for links; by its number)."""

    status = django_filters.MultipleChoiceFilter(choices=Status.choices, widget=CheckboxSelectMultiple)
    stars = django_filters.MultipleChoiceFilter(
        choices=[(stars, f"{stars} stars") for stars in range(5, 0, -1)], widget=CheckboxSelectMultiple
    )
    verified = django_filters.BooleanFilter(label="Verified buyer")
    answered = django_filters.BooleanFilter(label="Answered", field_name="answer", method="with_answer")
    product = django_filters.ModelChoiceFilter(
        queryset=ProductPage.objects.order_by("title"), to_field_name="id", label="Product"
    )

    class Meta:
        model = Review
        fields: list[str] = []

    def with_answer(self, queryset: QuerySet[Review], name: str, value: bool) -> QuerySet[Review]:
        return queryset.exclude(answer="") if value else queryset.filter(answer="")


class ReviewViewSet(SnippetViewSet):
    """What waits for a decision comes first."""

    model = Review
    icon = "comment"
    menu_label = "Reviews"
    menu_name = "reviews"
    menu_order = 160
    add_to_admin_menu = True
    copy_view_enabled = False
    filterset_class = ReviewFilterSet
    search_fields = ["title", "words", "name", "email", "product__title"]
    list_per_page = 50
    list_display = [
        "__str__",
        Column("product", label="Product", accessor="product.title"),
        Column("beginning", label="Words"),
        BooleanColumn("verified", label="Verified"),
        StatusTagColumn(
            "status",
            label="State",
            accessor="get_status_display",
            primary=lambda review: review.status == Status.PENDING,
            sort_key="status",
        ),
        DateColumn("created_at", label="Written", sort_key="created_at"),
    ]
    panels = [
        MultiFieldPanel(
            [FieldPanel(name, read_only=True) for name in ("product", "stars", "title", "words")], heading="The review"
        ),
        MultiFieldPanel(
            [FieldPanel(name, read_only=True) for name in ("name", "email", "verified", "created_at")],
            heading="Who wrote it",
        ),
        MultiFieldPanel([FieldPanel("status"), FieldPanel("reason")], heading="Decision"),
        FieldPanel("answer"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return ModerationForm

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        handler.base_form_class = ModerationForm
        return handler

    def get_queryset(self, request: Any) -> QuerySet[Review]:
        return Review.objects.select_related("product")
