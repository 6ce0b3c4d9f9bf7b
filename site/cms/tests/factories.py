"""Images, menus and announcements for tests."""

from typing import Any

import factory
from wagtail.models import Site
from wagtail_factories import ImageFactory as BaseImageFactory

from cms.models import Announcement, CustomImage, Menu, ShopSettings


class ImageFactory(BaseImageFactory):
    """A plain rectangle of 1000 by 800 pixels; ``file__width=...`` changes it."""

    title = factory.Sequence(lambda n: f"Picture {n}")
    file = factory.django.ImageField(width=1000, height=800, color="sandybrown")

    class Meta:
        model = CustomImage


class ShopSettingsFactory(factory.django.DjangoModelFactory):
    site = factory.LazyFunction(lambda: Site.objects.get(is_default_site=True))
    name = "Ipswich Retail"
    tagline = "Homeware from small British workshops"
    legal_name = "Ipswich Retail Ltd"
    email = "hello@ipswich-retail.example"
    phone = "01632 960 214"
    street = "9 Thimble Row"
    city = "Ipswich"
    postcode = "IP1 1XR"

    class Meta:
        model = ShopSettings


def link(label: str = "", *, page: Any = None, url: str = "") -> dict[str, Any]:
    """The raw value of a link block."""
    return {"label": label, "page": page.pk if page else None, "url": url}


def menu_items(*items: dict[str, Any]) -> list[dict[str, Any]]:
    """The raw value of a menu: a link from ``link``, or ``{"label": ..., "page": ..., "links": [...]}``."""
    return [
        {"type": "group" if "links" in item else "link", "value": item, "id": str(number)}
        for number, item in enumerate(items)
    ]


class MenuFactory(factory.django.DjangoModelFactory):
    location = Menu.Location.HEADER

    class Meta:
        model = Menu


class AnnouncementFactory(factory.django.DjangoModelFactory):
    text = "Free delivery over £60"

    class Meta:
        model = Announcement
