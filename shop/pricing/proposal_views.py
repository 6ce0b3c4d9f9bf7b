"""Proposing prices in the admin: for one product from its screen, or for many from a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.selectors import shop_currency
from shop.catalog.models import ProductPage
from shop.pricing.models import PriceProposal
from shop.pricing.proposal_forms import FileProposalForm, ProductProposalForm, ProposalForm
from shop.pricing.proposing import NothingToPropose, propose
from shop.pricing.selectors import current_quotes

PROBLEMS_SHOWN = 20
VARIANTS_MOST = 300


class ProposeView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """``?product=`` has a field per variant; without it a file is asked for."""

    model = PriceProposal
    permission_required = "add"
    template_name = "admin/pricing/propose.html"
    page_title = "Propose prices"
    header_icon = "tag"

    @cached_property
    def product(self) -> ProductPage | None:
        given = self.request.GET.get("product", "")
        if not given:
            return None
        number = given if given.isascii() and given.isdigit() and len(given) < 18 else "0"
        product: ProductPage = get_object_or_404(ProductPage, pk=number)
        return product

    def get_page_subtitle(self) -> str:
        return self.product.title if self.product else ""

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        proposals = {"url": reverse(PriceProposal.snippet_viewset.get_url_name("list")), "label": "Price proposals"}
        return [
            *super().get_breadcrumbs_items(),
            proposals,
            {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()},
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        values = form.cleaned_data
        source = form.source or (self.product.title[:120] if self.product else "")
        try:
            proposal = propose(
                title=values["title"],
                wanted=form.wanted,
                currency=form.currency,
                user=request.user,
                valid_from=values["valid_from"],
                valid_to=values["valid_to"],
                source=source,
            )
        except NothingToPropose as error:
            form.add_error(None, str(error))
            for problem in error.problems[:PROBLEMS_SHOWN]:
                form.add_error(None, problem)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, "Proposed. Look it over, then submit or apply it.")
        return redirect(reverse(PriceProposal.snippet_viewset.get_url_name("edit"), args=[proposal.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.setdefault("form", self._form())
        return context | {"product": self.product, "is_file": self.product is None}

    def _form(self, data: Any = None, files: Any = None) -> ProposalForm:
        currency = shop_currency()
        if self.product is None:
            return FileProposalForm(data, files, currency=currency)
        variants = list(self.product.variants.filter(active=True)[:VARIANTS_MOST])
        quotes = current_quotes([variant.pk for variant in variants])
        return ProductProposalForm(data, variants=variants, quotes=quotes, currency=currency)
