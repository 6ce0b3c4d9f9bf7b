"""The brands of the shop by letter, and a page for each below it: ``/brands/`` and ``/brands/orwell-ware/``."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel
from wagtail.url_routing import RouteResult

from cms.models import BasePage
from shop.catalog.models.brand import Brand
from shop.catalog.models.listed import ListingPage


class BrandIndexPage(ListingPage):
    """Where brands have their addresses. A brand is a snippet: it brings the words, this page the place.

    While ``brand`` is set the page stands for that brand: title, address, breadcrumbs and structured data are its.
    """

    intro = models.TextField(blank=True, max_length=600, help_text="One or two sentences above the letters.")

    page_description = "All brands by letter, and an address for each of them."
    template = "pages/catalog/brand_index_page.html"
    brand_template = "pages/catalog/brand_page.html"
    subpage_types: list[str] = []
    max_count = 1
    content_panels = [*BasePage.content_panels, FieldPanel("intro")]

    brand: Brand | None = None

    class Meta:
        verbose_name = "brands"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """One step below the page is a brand's slug."""
        if len(path_components) != 1:
            found: RouteResult = super().route(request, path_components)
            return found
        brand = Brand.objects.filter(slug=path_components[0], live=True).select_related("logo").first()
        if brand is None or not self.live:
            raise Http404("No such brand.")
        self.show(brand)
        return RouteResult(self)

    def show(self, brand: Brand) -> None:
        """Stand for a brand from now on. The instance must be the caller's own."""
        self.brand = brand
        self.seo_title, self.search_description = "", ""

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        template = super().get_template(request, *args, **kwargs)
        if self.brand is None:
            return self.template
        return self.brand_template if template == self.template else template

    def get_url_parts(self, request: HttpRequest | None = None) -> Any:
        """As Wagtail's, with the brand's slug where the page stands for one."""
        parts = super().get_url_parts(request)
        if parts is None or self.brand is None:
            return parts
        return parts[0], parts[1], f"{parts[2]}{self.brand.slug}/"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.brand is not None:
            self.breadcrumbs = self._brand_breadcrumbs(self.brand)
            self.title = self.brand.name
        return super().serve(request, *args, **kwargs)

    def _brand_breadcrumbs(self, brand: Brand) -> list[tuple[str, str]]:
        """The way to the brand; its last step is the brand, the one before it this page."""
        crumbs = self.breadcrumbs
        own = self.get_url() or ""
        return [*crumbs[:-1], (self.title, own.removesuffix(f"{brand.slug}/")), (brand.name, own)]

    @property
    def share_image(self) -> Any:
        return self.brand.logo if self.brand else None

    @property
    def share_text(self) -> str:
        from shop.catalog.brands import plain_words

        return plain_words(self.brand) if self.brand else self.intro

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The letters, or a brand's listing. Raises Http404 for a page that the listing does not have."""
        from shop.catalog.brands import index_context  # reads the models of this package
        from shop.catalog.listed_products import brand_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        if self.brand is not None:
            return context | brand_context(self, self.brand, request)
        return context | index_context(self, request.GET.get("letter", ""))

    def structured_data(self, request: HttpRequest | None) -> list[dict[str, Any]]:
        """The brand, and the products that are listed."""
        from shop.catalog.brands import brand_data

        found = super().structured_data(request)
        return [brand_data(self, self.brand), *found] if self.brand else found
