"""Small pictures for cards and tiles: made once in the background, then only looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cms import pictures
from cms.models import CustomImage

# Which source a browser without ``srcset`` gets: the largest up to this width in pixels.
FALLBACK_WIDTH = 480
FORMAT = "webp"


class Shape(NamedTuple):
    """Widths in pixels, and the ratio that the picture is cropped to."""

    widths: Sequence[int]
    ratio: str

    def specs(self, image: CustomImage) -> list[str]:
        """The sizes of an image as Wagtail names them; nothing is enlarged."""
        widths = pictures.usable_widths(image, self.widths, self.ratio)
        return [pictures.spec(width, FORMAT, self.ratio) for width in widths]


# A card is 170 to 320 CSS pixels wide, on screens of up to three pixels each.
CARD = Shape((320, 480, 640), "1x1")
TILE = Shape((480, 800), "4x3")


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


def thumbnail(image: CustomImage, shape: Shape, alt: str = "") -> ThumbnailData | None:
    """As far as the sizes are made; no query, asks for the rest. ``alt`` empty: the image's own description."""
    sizes = sorted(pictures.sizes(image, shape.specs(image)).values(), key=lambda size: size.width)
    if not sizes:
        return None
    sources = tuple((size.url, size.width) for size in sizes)
    return ThumbnailData(alt or image.default_alt_text, sizes[-1].width, sizes[-1].height, sources)
