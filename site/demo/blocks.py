"""Turns the blocks of ``pages.toml`` into what a StreamField stores."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from wagtail.models import Page

from demo.content import ContentError
from demo.library import Library

Raw = dict[str, Any]


class BlockBuilder:
    """Knows the pages that blocks may name by slug, and the pictures that they may name by file."""

    def __init__(self, pages: Mapping[str, Page], library: Library) -> None:
        self.pages = pages
        self.library = library
        self.kinds: dict[str, Callable[[Raw], Any]] = {
            "hero": self.hero,
            "rich_text": lambda entry: entry["html"].strip(),
            "image_text": self.image_text,
            "gallery": self.gallery,
            "product_rail": self.product_rail,
            "category_tiles": self.category_tiles,
            "quote": lambda entry: {name: entry.get(name, "") for name in ("text", "attribution", "role")},
            "faq": self.faq,
            "call_to_action": self.call_to_action,
        }

    def body(self, entries: list[Raw]) -> list[Raw]:
        """The stored form of a body. Raises ContentError for a kind of block, page or picture that does not exist."""
        return [{"type": self.kind(entry), "value": self.value(entry), "id": str(uuid4())} for entry in entries]

    def kind(self, entry: Raw) -> str:
        name = str(entry.get("type"))
        if name not in self.kinds:
            raise ContentError(f"There is no block {name!r}: choose one of {', '.join(sorted(self.kinds))}.")
        return name

    def value(self, entry: Raw) -> Any:
        return self.kinds[self.kind(entry)](entry)

    def page(self, slug: str) -> int:
        if slug not in self.pages:
            raise ContentError(f"A block or menu names the page {slug!r}, which does not exist.")
        return int(self.pages[slug].pk)

    def link(self, entry: Raw | None) -> Raw:
        """A link to a page by slug or to an address."""
        entry = entry or {}
        page = self.page(entry["page"]) if entry.get("page") else None
        return {"label": entry.get("label", ""), "page": page, "url": entry.get("url", "")}

    def image(self, name: str) -> int | None:
        image = self.library.get(name)
        return image.pk if image else None

    def hero(self, entry: Raw) -> Raw:
        return {
            **{name: entry.get(name, "") for name in ("eyebrow", "heading", "text", "image_alt")},
            "image": self.image(entry.get("image", "")),
            "primary": self.link(entry.get("primary")),
            "secondary": self.link(entry.get("secondary")),
            "layout": entry.get("layout", "dark_text"),
        }

    def image_text(self, entry: Raw) -> Raw:
        return {
            "image": self.image(entry["image"]),
            "image_alt": entry.get("image_alt", ""),
            "heading": entry.get("heading", ""),
            "text": entry["html"].strip(),
            "link": self.link(entry.get("link")),
            "image_side": entry.get("image_side", "left"),
        }

    def gallery(self, entry: Raw) -> Raw:
        images = [
            {"image": self.image(item["image"]), "alt": item.get("alt", ""), "caption": item.get("caption", "")}
            for item in entry["images"]
        ]
        return {"heading": entry.get("heading", ""), "images": stored_list(images)}

    def product_rail(self, entry: Raw) -> Raw:
        return {
            "heading": entry["heading"],
            "intro": entry.get("intro", ""),
            "source": entry["source"],
            "products": stored_list([self.page(slug) for slug in entry.get("products", [])]),
            "category": self.page(entry["category"]) if entry.get("category") else None,
            "collection": self.page(entry["collection"]) if entry.get("collection") else None,
            "limit": entry.get("limit", 8),
            "link": self.link(entry.get("link")),
        }

    def category_tiles(self, entry: Raw) -> Raw:
        tiles = [
            {
                "category": self.page(tile["category"]),
                "label": tile.get("label", ""),
                "image": self.image(tile.get("image", "")),
            }
            for tile in entry["tiles"]
        ]
        return {"heading": entry.get("heading", ""), "tiles": stored_list(tiles)}

    def faq(self, entry: Raw) -> Raw:
        items = [{"question": item["question"], "answer": item["html"].strip()} for item in entry["items"]]
        return {"heading": entry.get("heading", ""), "items": stored_list(items)}

    def call_to_action(self, entry: Raw) -> Raw:
        return {"heading": entry["heading"], "text": entry.get("text", ""), "link": self.link(entry.get("link"))}


def stored_list(values: list[Any]) -> list[Raw]:
    """The stored form of a list block."""
    return [{"type": "item", "value": value, "id": str(uuid4())} for value in values]
