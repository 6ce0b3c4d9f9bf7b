"""Home, content pages, journal, and what stands around them."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from wagtail.models import Page, Site

from cms.models import Announcement, Menu, ShopSettings
from demo.blocks import BlockBuilder, stored_list
from demo.catalogue import add_page
from demo.content import ContentError
from demo.library import Library
from demo.progress import Progress
from home.models import ContentPage, HomePage, StoryIndexPage, StoryPage
from shop.payments.models import BankTransferSettings
from shop.shipping.kinds import registry as kinds
from shop.shipping.models import DeliveryMethod, ShippingZone

SOCIAL_CARD = "social-card"


class PageLoader:
    """Adds what is missing and leaves alone what is there. Pages are known by slug."""

    def __init__(self, content: dict[str, Any], library: Library, progress: Progress) -> None:
        self.content = content
        self.library = library
        self.progress = progress
        self.known: dict[str, Page] = {}
        self.new: list[tuple[Any, list[dict[str, Any]]]] = []

    def load(self, home: HomePage, others: dict[str, Page]) -> None:
        """All pages first, then their bodies: blocks link in every direction."""
        self.known = {page.slug: page for page in Page.objects.descendant_of(home)} | others
        for entry in self.content.get("pages", []):
            self.add_content_page(home, entry)
        if "journal" in self.content:
            journal = self.add_journal(home, self.content["journal"])
            for entry in self.content.get("stories", []):
                self.add_story(journal, entry)
        builder = BlockBuilder(self.known, self.library)
        for page, body in self.progress.over("Pages", self.new):
            page.body = json.dumps(builder.body(body))
            page.save_revision().publish()
        self.add_chrome(Site.objects.get(root_page=home), builder)
        # Last: a home page with a body is how the loader knows that everything before it is there.
        # Read again: the pages below it have been counted on its row since.
        home = HomePage.objects.get(pk=home.pk)
        if not home.body:
            self.furnish(home, builder)

    def furnish(self, home: HomePage, builder: BlockBuilder) -> None:
        entry = self.content["home"]
        home.title = home.draft_title = entry["title"]
        home.seo_title = entry.get("seo_title", "")
        home.search_description = entry.get("search_description", "")
        home.body = json.dumps(builder.body(entry["body"]))
        home.save_revision().publish()

    def add_content_page(self, home: Page, entry: dict[str, Any]) -> None:
        if entry["slug"] in self.known:
            return
        page = ContentPage(**_head(entry), intro=entry.get("intro", ""), image=self.library.get(entry.get("image", "")))
        self.add(home, page, entry)

    def add_journal(self, home: Page, entry: dict[str, Any]) -> Page:
        if entry["slug"] not in self.known:
            page = StoryIndexPage(**_head(entry), intro=entry["intro"])
            add_page(home, page)
            self.known[page.slug] = page
        return self.known[entry["slug"]]

    def add_story(self, journal: Page, entry: dict[str, Any]) -> None:
        if entry["slug"] in self.known:
            return
        days_ago = entry["days_ago"]
        page = StoryPage(
            **_head(entry),
            summary=entry["summary"],
            author=entry["author"],
            published_on=timezone.localdate() - timedelta(days=days_ago),
            image=self.library.get(entry.get("image", "")),
        )
        self.add(journal, page, entry, days_ago=days_ago)

    def add(self, parent: Page, page: Any, entry: dict[str, Any], *, days_ago: int = 0) -> None:
        add_page(parent, page, days_ago=days_ago)
        self.known[page.slug] = page
        self.new.append((page, entry["body"]))

    def add_chrome(self, site: Site, builder: BlockBuilder) -> None:
        for entry in self.content.get("menus", []):
            if not Menu.objects.filter(location=entry["location"]).exists():
                menu = Menu.objects.create(location=entry["location"], items=json.dumps(_menu(entry, builder)))
                menu.save_revision().publish()
        entry = self.content.get("announcement")
        if entry and not Announcement.objects.exists():
            page = self.known[entry["link"]] if entry.get("link") else None
            Announcement.objects.create(text=entry["text"], page=page).save_revision().publish()


def load_settings(content: dict[str, Any], library: Library, site: Site) -> None:
    """Name, address and currency, unless somebody has saved the shop settings already."""
    if not ShopSettings.objects.filter(site=site).exists():
        ShopSettings.objects.create(site=site, social_image=library.images.get(SOCIAL_CARD), **content["settings"])


def load_delivery(content: dict[str, Any]) -> None:
    """Zones and ways of delivery, unless somebody has added to the one that a new shop has."""
    zones = content.get("zones", [])
    if not zones or ShippingZone.objects.count() > 1 or DeliveryMethod.objects.count() > 1:
        return
    ShippingZone.objects.all().delete()
    for position, entry in enumerate(zones):
        zone = ShippingZone.objects.create(
            name=entry["name"],
            countries=entry.get("countries", []),
            rest_of_world=entry.get("rest_of_world", False),
            position=position,
        )
        for place, way in enumerate(entry["methods"]):
            names = ("kind", "label", "description", "min_days", "max_days", "cut_off")
            fields = {name: way[name] for name in names if name in way}
            arguments = _arguments(way["kind"], way["arguments"])
            DeliveryMethod.objects.create(zone=zone, position=place, arguments=arguments, **fields)


def _arguments(kind: str, typed: dict[str, Any]) -> dict[str, Any]:
    """What an editor would type into the form of that kind, as it is kept. Raises ContentError."""
    behaviour = kinds.get(kind)
    if behaviour is None:
        raise ContentError(f"There is no kind of delivery {kind!r}.")
    return {name: field.clean(typed.get(name, "")) for name, field in behaviour.fields().items()}


def load_bank_account(content: dict[str, Any], site: Site) -> None:
    """Where transfers go, unless somebody has saved that already."""
    entry = content.get("bank_account")
    if entry and not BankTransferSettings.objects.filter(site=site).exists():
        BankTransferSettings.objects.create(site=site, **entry)


def _head(entry: dict[str, Any]) -> dict[str, str]:
    """What every page has."""
    names = ("title", "slug", "seo_title", "search_description")
    return {name: entry.get(name, "") for name in names}


def _menu(entry: dict[str, Any], builder: BlockBuilder) -> list[dict[str, Any]]:
    """A menu's items: links, headings with links below them."""
    items = entry.get("items", [])
    items = items + [{"label": group["heading"], "children": group["links"]} for group in entry.get("groups", [])]
    return [{**_menu_item(item, builder), "id": str(uuid4())} for item in items]


def _menu_item(item: dict[str, Any], builder: BlockBuilder) -> dict[str, Any]:
    if "children" not in item:
        return {"type": "link", "value": builder.link(item)}
    page = builder.page(item["page"]) if item.get("page") else None
    links = stored_list([builder.link(child) for child in item["children"]])
    return {"type": "group", "value": {"label": item["label"], "page": page, "links": links}}
