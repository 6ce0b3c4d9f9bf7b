"""Screens of the admin that Wagtail has no view for: choosing a kind, and making many codes at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from shop.accounts.models import User
from shop.promotions.admin_forms import BulkForm
from shop.promotions.coupons import make_codes
from shop.promotions.kinds import registry
from shop.promotions.models import Coupon, Promotion


class ChooseKindView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The kinds, each with what it does."""

    model = Promotion
    permission_required = "add"
    template_name = "admin/promotions/choose_kind.html"
    page_title = "New promotion"
    header_icon = "tag"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        promotions = {"url": reverse(Promotion.snippet_viewset.get_url_name("list")), "label": "Promotions"}
        return [*super().get_breadcrumbs_items(), promotions, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"kinds": list(registry), "add_url": reverse(Promotion.snippet_viewset.get_url_name("add"))}


class BulkView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Many codes of one promotion."""

    model = Coupon
    permission_required = "add"
    template_name = "admin/promotions/bulk.html"
    page_title = "Make many codes"
    header_icon = "key"

    @cached_property
    def promotion(self) -> Promotion:
        found: Promotion = get_object_or_404(Promotion, pk=min(self.kwargs["pk"], 2**63 - 1), with_code=True)
        return found

    def get_page_subtitle(self) -> str:
        return self.promotion.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        promotions = {"url": reverse(Promotion.snippet_viewset.get_url_name("list")), "label": "Promotions"}
        edit = reverse(Promotion.snippet_viewset.get_url_name("edit"), args=[self.promotion.pk])
        return [
            *super().get_breadcrumbs_items(),
            promotions,
            {"url": edit, "label": self.promotion.title},
            {"url": "", "label": self.page_title},
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = BulkForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        values = form.cleaned_data
        batch = make_codes(
            promotion=self.promotion,
            title=values["title"],
            count=values["count"],
            length=values["length"],
            prefix=values["begins"],
            max_uses=values["max_uses"],
            user=request.user if isinstance(request.user, User) else None,
        )
        count = values["count"]
        messages.success(request, f"{count} code{'' if count == 1 else 's'} made. Download them from the list below.")
        return redirect(f"{reverse('promotions_coupons:index')}?promotion={self.promotion.pk}&batch={batch.pk}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.setdefault("form", BulkForm())
        return context | {"promotion": self.promotion}
