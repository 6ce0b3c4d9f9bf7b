"""The blocks of home, content pages and stories: the generic ones, and those that show the shop."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property
from wagtail import blocks

from cms.blocks import (
    CallToActionBlock,
    EmbedBlock,
    FaqBlock,
    GalleryBlock,
    HeroBlock,
    ImageTextBlock,
    LinkBlock,
    ProseBlock,
    QuoteBlock,
)
from cms.models import CustomImage
from cms.references import PAGE_COLUMNS, PageBlock, PictureBlock
from home import rails

MAX_RAIL_PRODUCTS = 24
# What showing a category's picture needs.
IMAGE_COLUMNS = [f"image__{field.attname}" for field in CustomImage._meta.concrete_fields]


class RailValue(blocks.StructValue):
    """A product rail. ``cards`` is filled for all rails of a page at once by ``rails.fill``, or on first use."""

    @cached_property
    def cards(self) -> list[Any]:
        """The product cards to show, in order."""
        return rails.cards_of(self)


class ProductRailBlock(blocks.StructBlock):
    """A row of products."""

    heading = blocks.CharBlock(max_length=120)
    intro = blocks.TextBlock(required=False, max_length=300)
    source = blocks.ChoiceBlock(
        choices=[
            ("hand", "The products chosen below"),
            ("category", "The newest of a category"),
            ("collection", "The first of a collection"),
        ],
        default="hand",
    )
    products = blocks.ListBlock(
        PageBlock("catalog.ProductPage"), default=[], max_num=MAX_RAIL_PRODUCTS, label="Products, chosen by hand"
    )
    category = PageBlock("catalog.CategoryPage", required=False)
    collection = PageBlock("catalog.CollectionPage", required=False)
    limit = blocks.IntegerBlock(
        default=8, min_value=1, max_value=MAX_RAIL_PRODUCTS, label="At most", help_text="How many products to show."
    )
    link = LinkBlock(label="Link to more")

    class Meta:
        icon = "tag"
        label = "Products"
        template = "components/streamfield/product_rail.html"
        description = "A row of products: chosen one by one, the newest of a category, or the first of a collection."
        label_format = "{heading}"
        value_class = RailValue

    def clean(self, value: Any) -> Any:
        """The source that is chosen must be there."""
        result = super().clean(value)
        if result["source"] == "category" and not result["category"]:
            raise blocks.StructBlockValidationError({"category": ValidationError("Choose the category to show.")})
        if result["source"] == "collection" and not result["collection"]:
            raise blocks.StructBlockValidationError({"collection": ValidationError("Choose the collection to show.")})
        if result["source"] == "hand" and not result["products"]:
            raise blocks.StructBlockValidationError({"products": ValidationError("Choose at least one product.")})
        return result

    def get_context(self, value: RailValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Adds ``cards``."""
        return {**super().get_context(value, parent_context=parent_context), "cards": value.cards}

    def get_preview_value(self) -> Any:
        """The newest products of the shop."""
        value = self.normalize(
            {"heading": "Just in", "intro": "", "source": "hand", "products": [], "category": None, "limit": 4}
        )
        value.cards = rails.newest_cards(4)
        return value


class CategoryBlock(PageBlock):
    """Chooses a category; brings its picture along."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"page_type": "catalog.CategoryPage", **kwargs})

    def reference_queryset(self) -> QuerySet[Model]:
        return super().reference_queryset().only(*PAGE_COLUMNS, *IMAGE_COLUMNS).select_related("image")


class TileValue(blocks.StructValue):
    """What a tile's template reads: ``title``, ``href`` and ``picture``."""

    @property
    def title(self) -> str:
        """The label typed in, else the category's title."""
        category = self.get("category")
        return self.get("label") or (category.title if category else "")

    @property
    def href(self) -> str:
        """Address of the category while it is public."""
        category = self.get("category")
        return (category.url or "") if category and category.live else ""

    @property
    def picture(self) -> Any:
        """The image chosen for the tile, else the category's own, or None."""
        category = self.get("category")
        return self.get("image") or (category.image if category else None)


class TileBlock(blocks.StructBlock):
    """One category as a picture."""

    category = CategoryBlock()
    label = blocks.CharBlock(required=False, max_length=60, help_text="Empty: the category's title.")
    image = PictureBlock(required=False, help_text="Empty: the category's picture.")

    class Meta:
        icon = "image"
        label = "Category"
        collapsed = True
        label_format = "{category} {label}"
        value_class = TileValue


class CategoryTilesBlock(blocks.StructBlock):
    """Categories as pictures."""

    heading = blocks.CharBlock(required=False, max_length=120)
    tiles = blocks.ListBlock(TileBlock(), min_num=1, max_num=12, label="Categories")

    class Meta:
        icon = "grip"
        label = "Category tiles"
        template = "components/streamfield/category_tiles.html"
        description = "Categories as pictures, to browse from."
        label_format = "{heading}"

    def get_preview_value(self) -> Any:
        """The first categories of the shop that have a picture."""
        tiles = [{"category": category, "label": "", "image": None} for category in rails.sample_categories(4)]
        return self.normalize({"heading": "Browse the shop", "tiles": tiles})


STORY_BLOCKS = [
    ("rich_text", ProseBlock(group="Words")),
    ("quote", QuoteBlock(group="Words")),
    ("image_text", ImageTextBlock(group="Pictures")),
    ("gallery", GalleryBlock(group="Pictures")),
    ("embed", EmbedBlock(group="Pictures")),
    ("product_rail", ProductRailBlock(group="Shop")),
    ("call_to_action", CallToActionBlock(group="Words")),
]
BODY_BLOCKS = [
    ("hero", HeroBlock(group="Pictures")),
    *STORY_BLOCKS,
    ("category_tiles", CategoryTilesBlock(group="Shop")),
    ("faq", FaqBlock(group="Words")),
]
