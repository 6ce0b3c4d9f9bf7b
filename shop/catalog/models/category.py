"""A place in the shop's tree."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from cms.models import BasePage

if TYPE_CHECKING:
    from shop.catalog.cards import Card


class CategoryPage(BasePage):
    """Lists the products below it and those that name it among their further categories."""

    intro = models.TextField(blank=True, max_length=600, help_text="One or two sentences above the products.")
    body = RichTextField(blank=True, help_text="Longer advice, shown below the products.")
    image = models.ForeignKey(
        "cms.CustomImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="For tiles."
    )

    product_type = models.ForeignKey(
        "catalog.ProductType",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="categories",
        help_text="What products below have attributes of, beside those of the categories above.",
    )

    page_description = "A shelf of the shop: lists the products and categories below it."
    template = "pages/catalog/category_page.html"
    # What htmx swaps when the order, a filter or the page changes.
    listing_template = "partials/catalog/listing.html"
    subpage_types = ["catalog.CategoryPage", "catalog.ProductPage"]
    served_with = (*BasePage.served_with, "image")
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("image", help_text="Stands on tiles that lead to the category."),
        FieldPanel("body"),
        FieldPanel(
            "product_type",
            help_text="Gives the products below its attributes, beside those of the categories above.",
        ),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]

    # The cards that ``get_context`` chose last, and the position of the first of them in the whole listing.
    shown: "tuple[list[Card], int]" = ([], 1)
    # The address of that listing, as short as it can be written.
    listing_address: str = ""

    class Meta:
        verbose_name = "category"
        verbose_name_plural = "categories"

    @property
    def share_image(self) -> Any:
        return self.image

    @property
    def share_text(self) -> str:
        return self.intro

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One address has two answers: the page, and the listing alone for htmx."""
        response = super().serve(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        if getattr(request, "htmx", None) and self.listing_address:
            # A form repeats a parameter for each value; people shall see and share the short form.
            response["HX-Push-Url"] = request.path + self.listing_address.removesuffix("?")
        return response

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        htmx = getattr(request, "htmx", None)
        return self.listing_template if htmx and not htmx.history_restore_request else self.template

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The listing as the GET parameters choose it. Raises Http404 for a page that the listing does not have."""
        from shop.catalog.presentation import category_context  # reads the models of this package

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | category_context(self, request.GET)

    def structured_data(self, request: HttpRequest | None) -> list[dict[str, Any]]:
        """The products of the page of the listing that ``get_context`` has just chosen."""
        from shop.catalog.presentation import category_data

        return category_data(self)
