"""A place in the shop's tree."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from cms.models import BasePage


class CategoryPage(BasePage):
    """Lists the products below it and those that name it among their further categories."""

    intro = models.TextField(blank=True, max_length=600, help_text="One or two sentences above the products.")
    body = RichTextField(blank=True, help_text="Longer advice, shown below the products.")
    image = models.ForeignKey(
        "cms.CustomImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="For tiles."
    )

    template = "pages/catalog/category_page.html"
    subpage_types = ["catalog.CategoryPage", "catalog.ProductPage"]
    content_panels = [*BasePage.content_panels, FieldPanel("intro"), FieldPanel("image"), FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]

    class Meta:
        verbose_name = "category"
        verbose_name_plural = "categories"
