"""A product's page: its words and pictures. What it costs and how many there are is not content and lives elsewhere."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable
from wagtail.search import index

from cms.models import BasePage
from shop.catalog.attribute_forms import AttributesPanel, ProductPageForm
from shop.catalog.blocks import DETAIL_BLOCKS
from shop.catalog.contents_panel import ContentsPanel
from shop.catalog.models.related import RELATED_MOST
from shop.catalog.panels import VariantsPanel

if TYPE_CHECKING:
    from shop.catalog.attributes import AttributeValue
    from shop.catalog.offers import Offer
    from shop.catalog.sections import Shown


class ProductPage(BasePage):
    """The parent category decides the address; ``further_categories`` list the product as well.

    Variants point here with a plain foreign key: they are not part of a revision, so publishing an old draft
    cannot move or delete them.
    """

    summary = models.CharField(max_length=255, blank=True, help_text="One sentence below the title and in listings.")
    body = RichTextField(blank=True)
    details = StreamField(DETAIL_BLOCKS, blank=True, help_text="Facts: material, size, care.")
    brand = models.ForeignKey(
        "catalog.Brand", null=True, blank=True, on_delete=models.SET_NULL, related_name="products"
    )
    product_type = models.ForeignKey(
        "catalog.ProductType",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="products",
        help_text="Empty: as its categories say.",
    )
    # {code: value}, see ``shop/catalog/attributes.py``. Values of attributes that its type does not have are kept.
    attributes = models.JSONField(default=dict, blank=True)
    further_categories = ParentalManyToManyField("catalog.CategoryPage", blank=True, related_name="further_products")
    tags = ClusterTaggableManager(
        through="catalog.ProductTag", blank=True, help_text="For collections and reports; shoppers do not see them."
    )

    page_description = "Something to sell. Variants, prices and stock are added once it is saved."
    base_form_class = ProductPageForm
    template = "pages/catalog/product_page.html"
    subpage_types: list[str] = []
    served_with = (*BasePage.served_with, "brand", "listing")
    open_graph_type = "product"
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("summary"),
        InlinePanel("images", heading="Pictures", label="Picture"),
        FieldPanel("body"),
        AttributesPanel(),
        FieldPanel("details"),
        MultiFieldPanel(
            [
                FieldPanel("brand"),
                FieldPanel("product_type"),
                FieldPanel(
                    "further_categories",
                    help_text="Lists it there as well. Hold Ctrl (on a Mac: Cmd) to choose several.",
                ),
                FieldPanel("tags"),
            ],
            heading="Where it belongs",
        ),
        MultiFieldPanel(
            [
                InlinePanel(
                    "related_products",
                    heading="Beside it on its page",
                    label="Product",
                    help_text="Empty: others of the same category, those of the same brand first.",
                    max_num=RELATED_MOST,
                ),
                InlinePanel(
                    "cross_sell_products",
                    heading="Offered in the cart",
                    label="Product",
                    help_text="To whoever has this one in the cart. Empty: as above.",
                    max_num=RELATED_MOST,
                ),
            ],
            heading="Goes well with",
        ),
    ]
    # What belongs to no draft has a tab of its own: a merchandiser need not pass all the copy to change a price.
    shelf_panels = [VariantsPanel(), ContentsPanel()]
    edit_handler = TabbedInterface(
        [
            ObjectList(panels, heading=heading)
            for heading, panels in (
                ("Content", content_panels),
                ("Variants and stock", shelf_panels),
                ("Promote", BasePage.promote_panels),
                ("Settings", BasePage.settings_panels),
            )
            if panels
        ],
        base_form_class=base_form_class,
    )
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.RelatedFields("brand", [index.SearchField("name")]),
    ]

    class Meta:
        verbose_name = "product"

    @property
    def share_image(self) -> Any:
        picture = next(iter(self.pictures), None)
        return picture.image if picture else None

    @property
    def share_text(self) -> str:
        return self.summary

    @cached_property
    def pictures(self) -> "list[ProductImage]":
        """In order, with their images; one query. In a preview they are the draft's."""
        return list(self.images.select_related("image"))

    @cached_property
    def offers(self) -> "list[Offer]":
        """The active variants with price and stock as they were when first asked; one query."""
        from shop.catalog.choosing import product_offers  # reads the models of this package

        return product_offers(self)

    @cached_property
    def facts(self) -> "list[AttributeValue]":
        """What it says for those of its attributes that its page shows; no query once warm."""
        from shop.catalog.attributes import facts

        return facts(self)

    @cached_property
    def sections(self) -> "list[Shown]":
        """What rooms above add to its page, see ``shop/catalog/sections.py``."""
        from shop.catalog.sections import sections_of

        return sections_of(self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What the page shows; ``?sku=`` chooses a variant."""
        from shop.catalog.presentation import product_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | product_context(self, request.GET)

    def structured_data(self, request: HttpRequest | None) -> list[dict[str, Any]]:
        from shop.catalog.presentation import product_data

        return [product_data(self)]


class ProductImage(Orderable):
    """One picture of a product; the first is the one that listings show."""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="images")
    image = models.ForeignKey("cms.CustomImage", on_delete=models.CASCADE, related_name="+")
    alt = models.CharField("text alternative", max_length=255, blank=True, help_text="Empty: the image's description.")

    panels = [FieldPanel("image"), FieldPanel("alt")]

    @property
    def alt_text(self) -> str:
        """What a screen reader says in place of the picture."""
        return self.alt or self.image.default_alt_text
