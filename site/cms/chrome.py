"""What surrounds every page, as plain values: name, address, menus, announcement.

``get_chrome`` costs no query once warm. Whatever can show in it calls ``forget_chrome`` (see ``signal_handlers``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from wagtail.models import Page, Site

from cms.models import Announcement as AnnouncementSnippet
from cms.models import EditorialSnippet, Menu, ShopSettings
from cms.pictures import collecting, single_url
from cms.references import load_stream
from cms.remembered import Remembered, shape_of

LOGO = "max-480x160|format-webp"
SOCIAL_IMAGE = "fill-1200x630|format-jpeg"


@dataclass(frozen=True, slots=True)
class Item:
    """A link of a menu, or a heading with ``children``; ``url`` may then be empty."""

    label: str
    url: str
    children: tuple["Item", ...] = ()


@dataclass(frozen=True, slots=True)
class Announcement:
    """The line above every page; ``url`` may be empty."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Chrome:
    """The surroundings of a page. Addresses of images are absolute where a page is shared with them."""

    name: str
    tagline: str
    legal_name: str
    logo_url: str
    email: str
    phone: str
    street: str
    city: str
    postcode: str
    country: str
    currency: str
    social_image_url: str
    root_url: str
    header: tuple[Item, ...] = ()
    footer: tuple[Item, ...] = ()
    announcement: Announcement | None = None
    prices_include_tax: bool = True
    tax_label: str = "VAT"

    @property
    def price_note(self) -> str:
        """What stands beside prices: ``incl. VAT``."""
        return f"{'incl.' if self.prices_include_tax else 'excl.'} {self.tax_label}"

    @property
    def address_lines(self) -> list[str]:
        """The postal address without the country, one line each."""
        return [line for line in (self.street, self.city, self.postcode) if line]


_remembered: Remembered[Chrome] = Remembered("chrome", shape=shape_of(Chrome, Item, Announcement))


def get_chrome(site: Site | None) -> Chrome:
    """The surroundings of a site's pages; defaults where there is no site."""
    if site is None:
        return _build(None)
    return _remembered.get(str(site.pk), lambda: _build(site))


def forget_chrome() -> None:
    """Compute it again from the next request after this transaction on."""
    _remembered.forget()


def preview_chrome(request: HttpRequest, snippet: EditorialSnippet) -> Chrome:
    """The current surroundings with an unpublished menu or announcement in its place."""
    site = Site.find_for_request(request)
    chrome = get_chrome(site)
    if isinstance(snippet, Menu):
        items = tuple(_items(snippet, site))
        return (
            replace(chrome, header=items) if snippet.location == Menu.Location.HEADER else replace(chrome, footer=items)
        )
    if isinstance(snippet, AnnouncementSnippet):
        return replace(chrome, announcement=_announcement(snippet, site))
    return chrome


def _build(site: Site | None) -> Chrome:
    shop = ShopSettings.current(site) if site else ShopSettings(currency=settings.DEFAULT_CURRENCY)
    root_url = site.root_url if site else ""
    menus = {menu.location: tuple(_items(menu, site)) for menu in Menu.objects.filter(live=True)} if site else {}
    announcements = AnnouncementSnippet.objects.filter(live=True).select_related("page")
    # Databases disagree on where a missing date sorts.
    newest = announcements.order_by(F("last_published_at").desc(nulls_last=True), "-pk").first()
    # Asks for nothing: once the sizes are made (tasks.prepare_chrome), this is computed again.
    with collecting():
        logo, social = single_url(shop.logo, LOGO), single_url(shop.social_image, SOCIAL_IMAGE)
    return Chrome(
        name=shop.name,
        tagline=shop.tagline,
        legal_name=shop.legal_name or shop.name,
        logo_url=logo,
        email=shop.email,
        phone=shop.phone,
        street=shop.street,
        city=shop.city,
        postcode=shop.postcode,
        country=shop.country,
        currency=shop.currency,
        social_image_url=root_url + social if social.startswith("/") else social,
        root_url=root_url,
        header=menus.get(Menu.Location.HEADER, ()),
        footer=menus.get(Menu.Location.FOOTER, ()),
        announcement=_announcement(newest, site) if newest else None,
        prices_include_tax=shop.prices_include_tax,
        tax_label=shop.tax_label,
    )


def _announcement(snippet: AnnouncementSnippet, site: Site | None) -> Announcement:
    return Announcement(snippet.text, _page_url(snippet.page, site) or snippet.url)


def _page_url(page: Page | None, site: Site | None) -> str:
    if page is None or not page.live:
        return ""
    return page.relative_url(site) or ""


def _link(value: Any, site: Site | None) -> Item | None:
    url = _page_url(value.get("page"), site) or value.get("url") or ""
    return Item(value.label, url) if url and value.label else None


def _items(menu: Menu, site: Site | None) -> Iterator[Item]:
    """A menu's links; those that lead nowhere are left out, and so are groups with nothing in them."""
    load_stream(menu.items)
    for block in menu.items:
        if block.block_type == "link":
            if (item := _link(block.value, site)) is not None:
                yield item
            continue
        children = tuple(item for value in block.value["links"] if (item := _link(value, site)) is not None)
        url = _page_url(block.value["page"], site)
        if url or children:
            yield Item(block.value["label"], url, children)
