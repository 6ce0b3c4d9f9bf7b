"""Products put together across the categories: by hand, by a rule, or both."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from cms.models import BasePage
from shop.catalog.collection_blocks import CONDITION_BLOCKS
from shop.catalog.collection_panel import CollectionPreviewPanel
from shop.catalog.models.listed import ListingPage
from shop.catalog.models.related import ChosenProduct

CHOSEN_MOST = 200


class CollectionPage(ListingPage):
    """What editors chose comes first, in their order; then whatever the rule finds at this moment.

    Without a rule it is a collection by hand, without chosen products one by rule. All of it is content.
    """

    class Match(models.TextChoices):
        ALL = "all", "all of the conditions"
        ANY = "any", "any of the conditions"

    class Order(models.TextChoices):
        NEWEST = "newest", "Newest first"
        POPULARITY = "popularity", "Most popular first"
        PRICE = "price", "Price, low to high"
        PRICE_DOWN = "-price", "Price, high to low"
        RATING = "rating", "Best rated first"
        NAME = "name", "Name"

    intro = models.TextField(blank=True, max_length=600, help_text="One or two sentences above the products.")
    body = RichTextField(blank=True, help_text="Longer words, shown below the products.")
    image = models.ForeignKey(
        "cms.CustomImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="For sharing."
    )
    match = models.CharField("products meet", max_length=3, choices=Match.choices, default=Match.ALL)
    conditions = StreamField(CONDITION_BLOCKS, blank=True, help_text="Empty: only the products chosen by hand.")
    order = models.CharField(
        max_length=12, choices=Order.choices, default=Order.NEWEST, help_text="Of what the rule finds."
    )

    page_description = "Products from all over the shop: chosen by hand, found by a rule, or both."
    template = "pages/catalog/collection_page.html"
    subpage_types: list[str] = []
    served_with = (*BasePage.served_with, "image")
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("image"),
        InlinePanel(
            "pinned_products",
            heading="Chosen by hand",
            label="Product",
            help_text="They come first, in this order. Drag to change it.",
            max_num=CHOSEN_MOST,
        ),
        MultiFieldPanel(
            [FieldPanel("match"), FieldPanel("conditions"), FieldPanel("order"), CollectionPreviewPanel()],
            heading="Rule",
        ),
        InlinePanel(
            "excluded_products",
            heading="Never shown",
            label="Product",
            help_text="Even where the rule finds them.",
            max_num=CHOSEN_MOST,
        ),
        FieldPanel("body"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]

    class Meta:
        verbose_name = "collection"

    @property
    def share_image(self) -> Any:
        return self.image

    @property
    def share_text(self) -> str:
        return self.intro

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The listing as the GET parameters choose it. Raises Http404 for a page that the listing does not have."""
        from shop.catalog.listed_products import collection_context  # reads the models of this package

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | collection_context(self, request)


class PinnedProduct(ChosenProduct):
    """Chosen by hand."""

    page = ParentalKey(CollectionPage, on_delete=models.CASCADE, related_name="pinned_products")


class ExcludedProduct(ChosenProduct):
    """Left out, whatever the rule says."""

    page = ParentalKey(CollectionPage, on_delete=models.CASCADE, related_name="excluded_products")
