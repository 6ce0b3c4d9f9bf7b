"""Generic StreamField blocks, for any page. Each renders with ``templates/components/streamfield/<name>.html``."""

from cms.blocks.links import LinkBlock, LinkValue
from cms.blocks.media import EmbedBlock, GalleryBlock, HeroBlock, ImageTextBlock
from cms.blocks.words import CallToActionBlock, FaqBlock, ProseBlock, QuoteBlock

__all__ = [
    "CallToActionBlock",
    "EmbedBlock",
    "FaqBlock",
    "GalleryBlock",
    "HeroBlock",
    "ImageTextBlock",
    "LinkBlock",
    "LinkValue",
    "ProseBlock",
    "QuoteBlock",
]
