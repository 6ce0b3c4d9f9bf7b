"""``{% page_meta page %}``, ``{% responsive_image image %}`` and ``{% icon_sheet %}``."""

from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cms import pictures, seo

register = template.Library()


@register.inclusion_tag("components/head_meta.html", takes_context=True)
def page_meta(context: template.Context, page: Any) -> dict[str, Any]:
    """Title, description, canonical address, sharing card and structured data of a page."""
    return {"meta": seo.meta(page, context)}


@register.simple_tag
@cache
def icon_sheet() -> str:
    """The address of the drawing that all icons are parts of. Looked up once: a listing shows more than a hundred."""
    return static("img/icons.svg")


@register.simple_tag
def responsive_image(
    image: Any,
    alt: str | None = None,
    sizes: str = "100vw",
    widths: str = "",
    ratio: str = "",
    eager: Any = False,
    **attributes: Any,
) -> SafeString | str:
    """A ``<picture>`` with AVIF in several widths and WebP in one, width and height, and lazy loading unless ``eager``.

    ``alt`` left out: the image's own description; empty: decorative. ``widths`` are pixels, ``"480,800"``, out of
    ``pictures.WIDTHS``. ``ratio`` crops around the focal point: ``"1x1"``. Nothing for no image.
    """
    if image is None or image == "":
        return ""
    chosen = [int(width) for width in widths.split(",")] if widths else pictures.DEFAULT_WIDTHS
    picture = pictures.picture(image, chosen, ratio)
    loading = "fetchpriority" if eager else "loading"
    classes = attributes.get("class", "")
    return format_html(
        '<picture>{}<img src="{}" alt="{}" width="{}" height="{}"{} {}="{}" decoding="async"></picture>',
        _source(picture, sizes),
        picture.fallback.url,
        image.default_alt_text if alt is None else alt,
        picture.width,
        picture.height,
        format_html(' class="{}"', classes) if classes else "",
        loading,
        "high" if eager else "lazy",
    )


def _source(picture: pictures.Picture, sizes: str) -> SafeString | str:
    if not picture.candidates:
        return ""
    return format_html('<source type="image/{}" srcset="{}" sizes="{}">', pictures.FORMAT, picture.srcset, sizes)
