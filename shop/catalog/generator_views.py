"""The screen that makes the variants of a product from the values of its options."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from shop.catalog.models import ProductPage
from shop.catalog.services import VariantsRefused
from shop.catalog.variant_generator import GeneratorForm, generate
from shop.catalog.views import LOG_ACTION, log_data, named


class GeneratorView(WagtailAdminTemplateMixin, FormView):
    """Asks for the values, says what it would make, and makes it."""

    template_name = "admin/catalog/variants_generate.html"
    form_class = GeneratorForm
    page_title = "Make combinations"
    header_icon = "tag"
    product: ProductPage

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.product = get_object_or_404(ProductPage, id=kwargs["pk"])
        if not self.product.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "product": self.product}

    def form_valid(self, form: GeneratorForm) -> HttpResponse:
        try:
            made = generate(product=self.product, options=form.options, sku_prefix=form.cleaned_data["sku_prefix"])
        except VariantsRefused as refused:
            form.add_error(None, str(next(iter(refused.reasons.values()))))
            return self.form_invalid(form)
        except IntegrityError:
            form.add_error(None, "Somebody else saved at the same moment. Please try again.")
            return self.form_invalid(form)
        skus = [variant.sku for variant in made]
        if skus:
            log(instance=self.product, action=LOG_ACTION, user=self.request.user, data=log_data(skus))
            messages.success(self.request, f"Made: {named(skus)}. They have no price and no stock yet.")
        else:
            messages.success(self.request, "All of these combinations were there already.")
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return reverse("catalog_variants", args=[self.product.pk])

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("wagtailadmin_pages:edit", args=[self.product.pk]), "label": self.product.title},
            {"url": self.get_success_url(), "label": "Variants, prices and stock"},
            {"url": "", "label": self.page_title, "sublabel": self.product.title},
        ]
