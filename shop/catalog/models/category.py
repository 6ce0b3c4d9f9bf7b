"""A place in the shop's tree."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from cms.models import BasePage
from shop.catalog.models.listed import ListingPage


class CategoryPage(ListingPage):
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

    class Meta:
        verbose_name = "category"
        verbose_name_plural = "categories"

    @property
    def share_image(self) -> Any:
        return self.image

    @property
    def share_text(self) -> str:
        return self.intro

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The listing as the GET parameters choose it. Raises Http404 for a page that the listing does not have."""
        from shop.catalog.presentation import category_context  # reads the models of this package

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | category_context(self, request.GET)
