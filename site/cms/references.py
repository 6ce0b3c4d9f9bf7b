"""Loads everything that a StreamField points to in one query per model, instead of one per block type and field.

Wagtail resolves choosers when a block's value is first used: each image field and each page field of each block type
costs a query of its own, so a rich page grows its bill with its number of block types. ``load_stream`` walks the raw
data first, fetches all that is named there, and resolves the blocks from that.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model, QuerySet
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page, Site

# Model -> primary key -> object, while a stream is being resolved.
_loaded: ContextVar[Mapping[type[Model], Mapping[Any, Model]] | None] = ContextVar("_loaded", default=None)


class PreloadedChooser(blocks.ChooserBlock):
    """A chooser that takes its objects from ``load_stream`` where one runs, and behaves as usual elsewhere."""

    def reference_queryset(self) -> QuerySet[Model]:
        """What fetches the objects; override to join what the block's template needs."""
        return self.model_class._default_manager.all()

    def bulk_to_python(self, values: list[Any]) -> list[Any]:
        """Objects in the order of the keys; None stays None."""
        loaded = _loaded.get()
        objects = None if loaded is None else loaded.get(self.model_class)
        if objects is None:
            return super().bulk_to_python(values)
        return [objects.get(value) for value in values]

    def to_python(self, value: Any) -> Any:
        """One object, or None."""
        return self.bulk_to_python([value])[0] if _loaded.get() is not None else super().to_python(value)


class PictureBlock(PreloadedChooser, ImageChooserBlock):
    """Chooses an image."""


# What a link, a tile or a rail needs of a page; the other columns are read if somebody asks for them.
PAGE_COLUMNS = ("title", "slug", "url_path", "live", "path", "depth")


class PageBlock(PreloadedChooser, blocks.PageChooserBlock):
    """Chooses a page."""

    def reference_queryset(self) -> QuerySet[Model]:
        return super().reference_queryset().only(*PAGE_COLUMNS)


def _children(block: blocks.Block, raw: Any) -> Iterator[tuple[blocks.Block, Any]]:
    """The parts of a container with their raw values; nothing for a block that has no parts."""
    if isinstance(block, blocks.StreamBlock):
        for item in raw or []:
            if (child := block.child_blocks.get(item["type"])) is not None:
                yield child, item["value"]
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield child, (raw or {}).get(name)
    elif isinstance(block, blocks.ListBlock):
        for item in raw or []:
            # As Wagtail tells them apart: items with an id, and the bare values of old data.
            wrapped = isinstance(item, dict) and item.get("type") == "item" and "id" in item and "value" in item
            yield block.child_block, item["value"] if wrapped else item


def _collect(block: blocks.Block, raw: Any, found: dict[type[Model], tuple[QuerySet[Model], set[Any]]]) -> None:
    if isinstance(block, PreloadedChooser):
        if raw is not None:
            found.setdefault(block.model_class, (block.reference_queryset(), set()))[1].add(raw)
        return
    for child, value in _children(block, raw):
        _collect(child, value, found)


@contextmanager
def _preloaded(objects: Mapping[type[Model], Mapping[Any, Model]]) -> Iterator[None]:
    token = _loaded.set(objects)
    try:
        yield
    finally:
        _loaded.reset(token)


def load_stream(stream: blocks.StreamValue) -> None:
    """Resolve every block of a StreamField's value, one query per model that it points to. Idempotent."""
    found: dict[type[Model], tuple[QuerySet[Model], set[Any]]] = {}
    _collect(stream.stream_block, [item for item in stream.raw_data if item is not None], found)
    # Looked up once here, and not again for the address of each page.
    roots = Site.get_site_root_paths()
    objects = {
        model: {obj.pk: obj for obj in queryset.filter(pk__in=keys)} for model, (queryset, keys) in found.items()
    }
    for page in (obj for kind in objects.values() for obj in kind.values() if isinstance(obj, Page)):
        page._wagtail_cached_site_root_paths = roots
    with _preloaded(objects):
        for child in stream:
            # Reading the value resolves it, and with it all blocks of its type.
            _ = child.value
