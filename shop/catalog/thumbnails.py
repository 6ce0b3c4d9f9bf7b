"""Small pictures for cards and tiles: made once in the background, then only looked up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wagtail.images.models import Filter

from cms.models import CustomImage

# Widths in pixels. A card is 170 to 300 CSS pixels wide, on screens of up to three pixels each.
CARD_SPECS = ("fill-320x320|format-webp", "fill-480x480|format-webp", "fill-640x640|format-webp")
TILE_SPECS = ("fill-400x300|format-webp", "fill-800x600|format-webp")
# Which source a browser without ``srcset`` gets: the largest up to this width.
FALLBACK_WIDTH = 480


@dataclass(frozen=True, slots=True)
class ThumbnailData:
    """A picture in several widths, smallest first; ``width`` and ``height`` are those of the largest."""

    alt: str
    width: int
    height: int
    sources: tuple[tuple[str, int], ...]

    @property
    def src(self) -> str:
        """The address for browsers that choose nothing themselves."""
        fitting = [url for url, width in self.sources if width <= FALLBACK_WIDTH]
        return fitting[-1] if fitting else self.sources[0][0]

    @property
    def srcset(self) -> str:
        """The value of the attribute of that name."""
        return ", ".join(f"{url} {width}w" for url, width in self.sources)

    def as_json(self) -> dict[str, Any]:
        """What ``from_json`` reads."""
        return {"alt": self.alt, "width": self.width, "height": self.height, "sources": [list(s) for s in self.sources]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "ThumbnailData | None":
        """None for nothing and for a picture without any size."""
        if not data or not data.get("sources"):
            return None
        sources = tuple((url, width) for url, width in data["sources"])
        return cls(data["alt"], data["width"], data["height"], sources)


def stored(image_ids: Iterable[int], specs: Iterable[str]) -> dict[int, tuple[ThumbnailData, bool]]:
    """The thumbnails of images as far as their renditions exist, and whether all do; two queries, makes nothing.

    The text alternative is the image's own description. Images without any rendition are left out.
    """
    filters = [Filter(spec) for spec in specs]
    images = CustomImage.objects.filter(pk__in=set(image_ids)).prefetch_renditions(*specs)
    found: dict[int, tuple[ThumbnailData, bool]] = {}
    for image in images:
        renditions = image.find_existing_renditions(*filters)
        if renditions:
            by_width = {rendition.width: rendition for rendition in renditions.values()}
            largest = by_width[max(by_width)]
            sources = tuple((by_width[width].url, width) for width in sorted(by_width))
            data = ThumbnailData(image.default_alt_text, largest.width, largest.height, sources)
            found[image.pk] = (data, len(renditions) == len(filters))
    return found


def render(image: CustomImage, specs: Iterable[str]) -> None:
    """Make the renditions that are missing. Costs about 50 ms each."""
    image.get_renditions(*specs)
