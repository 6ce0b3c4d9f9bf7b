"""Found pages and brands as a name and an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from wagtail.models import Page

from cms.restrictions import public
from search.sources import BRANDS
from shop.catalog.addresses import page_addresses
from shop.catalog.brands import brand_address
from shop.catalog.models import Brand


@dataclass(frozen=True, slots=True)
class Link:
    """``within`` names where the page is, to tell apart what has the same name."""

    title: str
    url: str
    within: str = ""


def links(found: Mapping[str, Sequence[int]]) -> dict[str, list[Link]]:
    """Of every section, the live public things in the order of their ids. Two queries, whatever there is."""
    ids = {section: list(some) for section, some in found.items() if some}
    wanted = [pk for section, some in ids.items() if section != BRANDS for pk in some]
    pages = _pages(wanted) if wanted else {}
    brands = _brands(ids[BRANDS]) if BRANDS in ids else {}
    return {
        section: [known[pk] for pk in some if pk in known]
        for section, some in ids.items()
        for known in [brands if section == BRANDS else pages]
    }


def _pages(ids: list[int]) -> dict[int, Link]:
    address = page_addresses()
    rows = public(Page.objects.live()).filter(pk__in=ids).values_list("pk", "title", "url_path")
    return {pk: Link(title, address(url_path)) for pk, title, url_path in rows}


def _brands(ids: list[int]) -> dict[int, Link]:
    """Without brand pages a brand leads to what the search finds for its name."""
    brands = Brand.objects.filter(pk__in=ids, live=True).only("pk", "name", "slug", "live")
    searched = reverse("search:results")
    return {
        brand.pk: Link(brand.name, brand_address(brand) or f"{searched}?{urlencode({'q': brand.name})}")
        for brand in brands
    }
