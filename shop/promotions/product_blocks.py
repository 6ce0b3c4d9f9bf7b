"""How editors say which products a promotion is for: blocks that name categories, collections, brands or SKUs."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.references import PageBlock

NAMED_MOST = 100
SKUS_MOST = 500


class SkusBlock(blocks.TextBlock):
    """SKUs, one per line or separated by commas."""

    def clean(self, value: Any) -> str:
        skus = split_skus(super().clean(value))
        if len(skus) > SKUS_MOST:
            raise ValidationError(f"These are {len(skus)} SKUs. At most {SKUS_MOST} fit; use a category or brand.")
        return "\n".join(skus)


def split_skus(text: Any) -> list[str]:
    """The SKUs of a text, each once."""
    return list(dict.fromkeys(sku for part in str(text).replace("\x00", "").split(",") for sku in _lines(part)))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


PRODUCT_BLOCKS = [
    (
        "categories",
        blocks.ListBlock(
            PageBlock("catalog.CategoryPage"),
            min_num=1,
            max_num=NAMED_MOST,
            icon="folder-open-inverse",
            label="Categories",
            help_text="With everything below them.",
        ),
    ),
    (
        "collections",
        blocks.ListBlock(
            PageBlock("catalog.CollectionPage"),
            min_num=1,
            max_num=NAMED_MOST,
            icon="list-ul",
            label="Collections",
            help_text="What each shows at the moment of buying, while it is published.",
        ),
    ),
    (
        "brands",
        blocks.ListBlock(
            SnippetChooserBlock("catalog.Brand"), min_num=1, max_num=NAMED_MOST, icon="crosshairs", label="Brands"
        ),
    ),
    (
        "skus",
        SkusBlock(icon="tag", label="SKUs", rows=4, help_text="One per line, or separated by commas."),
    ),
]
