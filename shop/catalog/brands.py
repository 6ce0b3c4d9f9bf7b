"""Brands as shoppers see them: their addresses, and the index by letter."""

import html
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.html import strip_tags
from wagtail.models import Site

from cms.pictures import single_url
from cms.remembered import Remembered
from cms.restrictions import public
from shop.catalog.models import Brand, BrandIndexPage, ProductPage

# With more brands than this the index shows one letter at a time.
BRANDS_AT_ONCE = 400
OTHER = "#"
LOGO = "max-600x600|format-png"

_remembered: Remembered[str] = Remembered("brand-index")


@dataclass(frozen=True, slots=True)
class BrandLink:
    """A brand by name, and its page."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the index with its brands; without brands where another letter is shown."""

    letter: str
    address: str
    brands: tuple[BrandLink, ...]


def brand_address(brand: Brand) -> str:
    """Path of a brand's page; empty for a draft, and where the shop has no page of brands. No query once warm."""
    start = _remembered.get("address", _address) if brand.live else ""
    return f"{start}{quote(brand.slug)}/" if start else ""


def _address() -> str:
    page = public(BrandIndexPage.objects.live()).order_by("path").first()
    return (page.get_url() or "") if page else ""


def forget_brand_index(**kwargs: Any) -> None:
    """The page of brands may have come, gone or moved."""
    _remembered.forget()


def shown_brands() -> "QuerySet[Brand]":
    """Live brands that have something to show, by name."""
    products = public(ProductPage.objects.live()).filter(brand=OuterRef("pk"))
    return Brand.objects.filter(live=True).filter(Exists(products)).order_by("name")


def index_context(page: BrandIndexPage, wanted: str) -> dict[str, Any]:
    """All letters with their brands, or of very many brands those of one letter. One query."""
    start = page.get_url() or ""
    found: dict[str, list[BrandLink]] = {}
    for name, slug in shown_brands().values_list("name", "slug"):
        found.setdefault(letter_of(name), []).append(BrandLink(name, f"{start}{quote(slug)}/"))
    letters = sorted(found, key=lambda letter: (letter == OTHER, letter))
    many = sum(map(len, found.values())) > BRANDS_AT_ONCE
    chosen = wanted if wanted in found else next(iter(letters), "")
    shown = [
        Letter(
            letter,
            f"?letter={quote(letter)}" if many else f"#letter-{'other' if letter == OTHER else letter}",
            tuple(sorted(found[letter], key=lambda link: link.name.casefold())) if not many or letter == chosen else (),
        )
        for letter in letters
    ]
    return {"letters": shown, "chosen": chosen if many else "", "breadcrumbs": page.breadcrumbs}


def letter_of(name: str) -> str:
    """Under which letter a name stands: without accents, figures and signs together."""
    plain = unicodedata.normalize("NFKD", name.strip())[:1].upper()
    return plain if plain.isalpha() else OTHER


def plain_words(brand: Brand) -> str:
    """What is said of a brand, without markup."""
    return " ".join(html.unescape(strip_tags(brand.description.replace("</p>", " "))).split())


def brand_data(page: BrandIndexPage, brand: Brand) -> dict[str, Any]:
    """JSON-LD of a brand."""
    data: dict[str, Any] = {"@type": "Brand", "@id": f"{page.full_url}#brand", "name": brand.name, "url": page.full_url}
    if words := plain_words(brand):
        data["description"] = words
    if brand.logo:
        data["logo"] = page.absolute(single_url(brand.logo, LOGO))
    if brand.website:
        data["sameAs"] = brand.website
    return data


def sitemap_entries(site: Site) -> Iterator[tuple[str, datetime | None]]:
    """Address below the site's root and date of every brand's page (registered with the sitemap)."""
    page = None
    if _remembered.get("address", _address):  # most shops' sitemaps cost nothing more
        page = public(BrandIndexPage.objects.live().descendant_of(site.root_page)).order_by("path").first()
    if page is None:
        return
    start = page.url_path.removeprefix(site.root_page.url_path)
    for slug, changed in shown_brands().values_list("slug", "last_published_at").iterator():
        yield f"{start}{slug}/", changed
