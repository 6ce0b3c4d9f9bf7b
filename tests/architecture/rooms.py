"""The order of the rooms, read from the import contracts, so that there is one place that states it."""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model

REPOSITORY = Path(__file__).resolve().parent.parent.parent
# Anything may point at these: who did it, and which picture it shows.
ALLOWED_EVERYWHERE = {"accounts.User", "cms.CustomImage", "cms.CustomDocument"}


def contracts() -> list[dict[str, Any]]:
    """The import contracts in ``pyproject.toml``."""
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return found


def _expanded(layers: Iterable[str]) -> Iterator[list[str]]:
    for layer in layers:
        yield [name.strip() for name in layer.replace(":", "|").split("|")]


def heights() -> dict[str, tuple[int, int]]:
    """Module name (``home``, ``shop.cart``) -> height in the house; what is higher may point at what is lower.

    Rooms of equal height are neighbours and may not point at each other.
    """
    outer, inner = contracts()
    inside = list(_expanded(inner["layers"]))
    found: dict[str, tuple[int, int]] = {}
    floors = list(_expanded(outer["layers"]))
    for floor, names in enumerate(reversed(floors)):
        for name in names:
            if name in inner.get("containers", []):
                for step, rooms in enumerate(reversed(inside)):
                    found.update({f"{name}.{room}": (floor, step) for room in rooms})
            else:
                found[name] = (floor, 0)
    return found


def wrong_relations(models: Iterable[type[Model]]) -> list[str]:
    """Every foreign key, one-to-one and many-to-many that points up or sideways, as a sentence each.

    String references are resolved by Django, so they are seen here although import-linter cannot see them.
    """
    height = heights()
    allowed = ALLOWED_EVERYWHERE | {settings.AUTH_USER_MODEL}
    found = []
    for model in models:
        room = model._meta.app_config.name if model._meta.app_config else ""
        if room not in height:
            continue
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = field.related_model if field.is_relation else None
            if not isinstance(target, type) or not issubclass(target, Model):
                continue
            target_room = target._meta.app_config.name if target._meta.app_config else ""
            if target_room not in height or target_room == room or target._meta.label in allowed:
                continue
            if height[target_room] >= height[room]:
                found.append(f"{model._meta.label}.{field.name} points at {target._meta.label}: {room} is below it.")
    return found
