"""Promotions and their codes in the admin."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import CreateView, DeleteView, IndexView, SnippetViewSet

from cms.spreadsheets import SafeExportMixin
from shop.money import format_money
from shop.promotions.codes import normalise
from shop.promotions.kinds import registry
from shop.promotions.models import Coupon, CouponBatch, Promotion
from shop.promotions.wording import headline

_COUNTS = Q(redemptions__released_at=None)


def kind_choices() -> list[tuple[str, str]]:
    """The kinds, for a filter."""
    return [(kind.code, kind.label) for kind in registry]


class PromotionFilterSet(WagtailFilterSet):
    """By kind, and whether it needs a code."""

    kind = django_filters.ChoiceFilter(choices=kind_choices, label="Kind")
    with_code = django_filters.BooleanFilter(label="Needs a code")
    live = django_filters.BooleanFilter(label="Published")

    class Meta:
        model = Promotion
        fields: list[str] = []


class PromotionIndexView(IndexView):
    """With what each has done so far."""

    def get_base_queryset(self) -> QuerySet[Promotion]:
        found: QuerySet[Promotion] = super().get_base_queryset()
        return found.annotate(
            uses=Count("redemptions", filter=_COUNTS), saved=Sum("redemptions__amount", filter=_COUNTS)
        )


class SavedColumn(Column):
    """The discounts of all uses that count."""

    def get_value(self, instance: Any) -> str:
        return format_money(instance.saved, instance.currency) if instance.saved else ""


class WordsColumn(Column):
    """What it does, and whether buyers need a code for it."""

    def get_value(self, instance: Any) -> str:
        return f"{headline(instance)}{' Only with a coupon code.' if instance.with_code else ''}"


class PromotionCreateView(CreateView):
    """First the kind is chosen; the form then fits it."""

    def get_initial_form_instance(self) -> Promotion | None:
        wanted = self.request.POST.get("kind") or self.request.GET.get("kind") or ""
        return Promotion(kind=wanted) if wanted in registry else None

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("kind", "") not in registry:
            return redirect(reverse("promotions_choose_kind"))
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response


class PromotionDeleteView(DeleteView):
    """What was used stays: orders point at it. Unpublishing ends it."""

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.redemptions.exists() or self.object.coupons.exists():
            messages.error(request, f"“{self.object}” has codes or was used, so it stays. Unpublish it to end it.")
            return redirect(self.get_success_url())
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


class PromotionViewSet(SnippetViewSet):
    """Drafted, approved, scheduled and locked like a page."""

    model = Promotion
    icon = "tag"
    menu_label = "Promotions"
    menu_name = "promotions"
    menu_order = 226
    add_to_admin_menu = True
    copy_view_enabled = False
    index_view_class = PromotionIndexView
    add_view_class = PromotionCreateView
    delete_view_class = PromotionDeleteView
    filterset_class = PromotionFilterSet
    search_fields = ["title"]
    ordering = ["-pk"]
    list_display = [
        "title",
        WordsColumn("words", label="What it does"),
        StatusTagColumn("state", label="State", primary=lambda promotion: promotion.state == "Running"),
        Column("uses", label="Uses", sort_key="uses"),
        SavedColumn("saved", label="Discounts"),
    ]


class CouponFilterSet(WagtailFilterSet):
    """Of one promotion, of one batch, and those that still work."""

    promotion = django_filters.ModelChoiceFilter(
        queryset=Promotion.objects.filter(with_code=True).order_by("title"), label="Promotion"
    )
    batch = django_filters.ModelChoiceFilter(queryset=CouponBatch.objects.all(), label="Made together")
    active = django_filters.BooleanFilter(label="Active")
    used = django_filters.BooleanFilter(label="Used", method="with_uses")

    class Meta:
        model = Coupon
        fields: list[str] = []

    def with_uses(self, queryset: Any, name: str, value: bool) -> Any:
        """The list counts them."""
        return queryset.filter(uses__gt=0) if value else queryset.filter(uses=0)


class CouponIndexView(SafeExportMixin, generic.IndexView):
    """The search understands a code however it is typed."""

    def get_base_queryset(self) -> QuerySet[Coupon]:
        found: QuerySet[Coupon] = super().get_base_queryset()
        return found.select_related("promotion", "batch").annotate(uses=Count("redemptions", filter=_COUNTS))

    def search_queryset(self, queryset: QuerySet[Coupon]) -> QuerySet[Coupon]:
        if not self.is_searching:
            return queryset
        words = str(self.search_query).replace("\x00", "")
        code = normalise(words)
        found = Q(promotion__title__icontains=words) | Q(batch__title__icontains=words)
        return queryset.filter(found | Q(code__contains=code) if code else found)

    def get_header_more_buttons(self) -> list[Any]:
        buttons: list[Any] = super().get_header_more_buttons()
        wanted = self.request.GET.get("promotion", "")
        if (
            wanted.isascii()
            and wanted.isdigit()
            and len(wanted) < 18
            and self.permission_policy.user_has_permission(self.request.user, "add")
        ):
            url = reverse("promotions_bulk", args=[int(wanted)])
            buttons.append(Button("Make many codes", url=url, icon_name="plus", priority=20))
        return buttons


class CouponViewSet(ModelViewSet):
    """Codes, outside the drafts of their promotion. ``Download`` above the list gives what it shows."""

    model = Coupon
    name = "promotions_coupons"
    icon = "key"
    menu_label = "Coupon codes"
    menu_name = "coupons"
    menu_order = 227
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = CouponIndexView
    filterset_class = CouponFilterSet
    # The list searches by itself (see CouponIndexView); naming a field switches the search box on.
    search_fields = ["code"]
    form_fields = ["promotion", "code", "max_uses", "active"]
    ordering = ["-pk"]
    list_per_page = 50
    list_display = [
        "code",
        Column("promotion", label="Promotion", accessor="promotion.title"),
        Column("batch", label="Made together", accessor="batch.title"),
        Column("uses", label="Uses", sort_key="uses"),
        Column("max_uses", label="At most"),
        BooleanColumn("active", label="Active"),
        DateColumn("created_at", label="Made", sort_key="created_at"),
    ]
    list_export = ["code", "promotion.title", "batch.title", "uses", "max_uses", "active", "created_at"]
    export_headings = {
        "code": "Code",
        "promotion.title": "Promotion",
        "batch.title": "Made together",
        "uses": "Uses",
        "max_uses": "At most",
        "active": "Active",
        "created_at": "Made",
    }
    export_filename = "coupon-codes"
