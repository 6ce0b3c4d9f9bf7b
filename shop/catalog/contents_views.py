"""Admin: what a variant consists of, and what its buyers download."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import LogFormatter, log

from shop.catalog import bundles, digital
from shop.catalog.contents_forms import ComponentFormSet, DownloadForm, component_rows
from shop.catalog.models import DigitalFile, ProductPage, Variant

CONTENTS_ACTION = "catalog.contents"


class ContentsLogFormatter(LogFormatter):
    """How the page's history tells of it."""

    label = "Change bundle or downloads"

    def format_message(self, entry: Any) -> str:
        return f"Bundle or downloads of {entry.data.get('sku', '')} changed"


def editable_product(request: HttpRequest, pk: int) -> ProductPage:
    """Raises Http404, PermissionDenied."""
    product = get_object_or_404(ProductPage, id=pk)
    if not product.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return product


class ContentsView(WagtailAdminTemplateMixin, TemplateView):
    """One variant at a time: ``?sku=`` names it, else the first."""

    template_name = "admin/catalog/contents_page.html"
    page_title = "Bundle and downloads"
    header_icon = "download"
    product: ProductPage

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.product = editable_product(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def variants(self) -> list[Variant]:
        return list(self.product.variants.all())

    @cached_property
    def variant(self) -> Variant | None:
        wanted = self.request.GET.get("sku", "")
        chosen = [variant for variant in self.variants if variant.sku == wanted]
        return next(iter(chosen or self.variants), None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Stores everything or nothing."""
        if self.variant is None:
            raise Http404("This product has no variants.")
        components, form = ComponentFormSet(request.POST), self._download_form(bound=True)
        if not (components.is_valid() and form.is_valid()) or not self._store(self.variant, components, form):
            return self._page(components, form, status=422)
        log(instance=self.product, action=CONTENTS_ACTION, user=request.user, data={"sku": self.variant.sku})
        messages.success(request, f"Saved: {self.variant.sku}.")
        return redirect(request.get_full_path())

    def _store(self, variant: Variant, components: Any, form: DownloadForm) -> bool:
        added: DigitalFile | None = None
        try:
            with transaction.atomic():
                if file := form.cleaned_data["file"]:
                    added = digital.add_file(sku=variant.sku, file=file, title=form.cleaned_data["title"])
                retired = [each.pk for each in form.cleaned_data["retired"]]
                digital.retire_files(sku=variant.sku, file_ids=retired)
                if not form.cleaned_data["digital"]:
                    digital.set_digital(variant=variant, digital=False)
                bundles.set_components(variant=variant, quantities=components.quantities)
                if form.cleaned_data["digital"]:
                    digital.set_digital(variant=variant, digital=True)
        except bundles.BundleError as refused:
            components.refuse(refused.sku, str(refused))
        except digital.DigitalError as refused:
            form.add_error("digital" if "file" not in form.changed_data else "file", str(refused))
        else:
            return True
        if added is not None:
            added.file.delete(save=False)
        self.variant = Variant.objects.get(pk=variant.pk)
        return False

    def _download_form(self, *, bound: bool = False) -> DownloadForm:
        assert self.variant is not None  # noqa: S101  (asked for where there is one only)
        initial = {"digital": self.variant.digital}
        data = (self.request.POST, self.request.FILES) if bound else ()
        return DownloadForm(*data, sku=self.variant.sku, initial=initial)

    def _page(self, components: Any = None, form: DownloadForm | None = None, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {"product": self.product, "variants": self.variants, "variant": self.variant}
        if self.variant is not None:
            parts = bundles.parts_of([self.variant.pk]).get(self.variant.pk, ())
            context |= {
                "parts": {part.sku: part for part in parts},
                "components": components or ComponentFormSet(initial=component_rows(parts)),
                "form": form or self._download_form(),
                "files": digital.current_files([self.variant.sku]),
            }
        return self.render_to_response(self.get_context_data(**context), status=status)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.product.pk])
        return [
            *super().get_breadcrumbs_items(),
            {"url": edit, "label": self.product.title},
            {"url": "", "label": self.page_title, "sublabel": self.product.title},
        ]


def digital_file(request: HttpRequest, pk: int, file_id: int) -> FileResponse:
    """What buyers get, for staff who want to see it."""
    product = editable_product(request, pk)
    skus = product.variants.values("sku")
    found = get_object_or_404(DigitalFile, id=file_id, sku__in=skus)
    try:
        return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
    except OSError:
        raise Http404("The file is missing.") from None
