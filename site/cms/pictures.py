"""Responsive pictures: which sizes and formats an image has, and who makes them.

Making one size takes 50 to 150 ms, so a visitor never waits for it: sizes are made in a task when an image is uploaded
and when a page is published (``tasks``). Each image carries the list of its sizes (``CustomImage.sizes``), so that a
page full of pictures looks up nothing beside the images themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django.db import transaction

if TYPE_CHECKING:
    from cms.models import CustomImage

# What nearly every browser takes, in several widths, and what ``img`` itself offers to the rest, in one: each size
# costs 50 to 150 ms and a file, and few would ever ask for the others.
FORMAT = "avif"
FALLBACK_FORMAT = "webp"
# Widths of which templates choose, and those that every image gets when it is uploaded, in pixels.
WIDTHS = (160, 320, 480, 640, 800, 1024, 1200, 1600, 2000)
UPLOAD_WIDTHS = (480, 800, 1200)
DEFAULT_WIDTHS = (480, 800, 1200)
# Seconds before a missing size is asked for again.
ASK_AGAIN = 300


@dataclass(frozen=True, slots=True)
class Size:
    """One rendition: its address and its real width and height in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What a ``<picture>`` needs: candidates, narrowest first, and the one for ``img`` itself."""

    candidates: list[Size]
    fallback: Size
    width: int
    height: int

    @property
    def srcset(self) -> str:
        """Empty where nothing is made yet."""
        return ", ".join(f"{size.url} {size.width}w" for size in self.candidates)


# Collects what is missing instead of asking for it, while a task renders a page.
_missing: ContextVar[dict[int, set[str]] | None] = ContextVar("_missing", default=None)


@contextmanager
def collecting() -> Iterator[dict[int, set[str]]]:
    """Gather the sizes that are missing, by image id, while something is rendered."""
    found: dict[int, set[str]] = {}
    token = _missing.set(found)
    try:
        yield found
    finally:
        _missing.reset(token)


def parse_ratio(ratio: str) -> tuple[int, int] | None:
    """``"4x3"`` as numbers; None for ``""``, an uncropped picture."""
    if not ratio:
        return None
    across, _, down = ratio.partition("x")
    return int(across), int(down)


def shape(image: "CustomImage", ratio: str) -> tuple[int, int]:
    """Width and height of the largest cut of an image in a ratio."""
    parsed = parse_ratio(ratio)
    if parsed is None:
        return image.width, image.height
    across, down = parsed
    width = min(image.width, image.height * across // down)
    return width, round(width * down / across)


def usable_widths(image: "CustomImage", widths: Sequence[int], ratio: str = "") -> list[int]:
    """The widths worth making: nothing is enlarged, but the first that exceeds the image gives it in full."""
    available, _ = shape(image, ratio)
    ordered = sorted(set(widths))
    return [width for width in ordered if width < available] + [width for width in ordered if width >= available][:1]


def spec(width: int, form: str, ratio: str = "") -> str:
    """Wagtail's name of a size: ``width-800|format-webp`` or ``fill-800x600|format-webp``."""
    parsed = parse_ratio(ratio)
    operation = f"width-{width}" if parsed is None else f"fill-{width}x{round(width * parsed[1] / parsed[0])}"
    return f"{operation}|format-{form}"


def specs(image: "CustomImage", widths: Sequence[int], ratio: str = "") -> list[str]:
    """All sizes of a responsive picture, the fallback last."""
    usable = usable_widths(image, widths, ratio)
    return [*(spec(width, FORMAT, ratio) for width in usable), spec(usable[len(usable) // 2], FALLBACK_FORMAT, ratio)]


def _state(image: "CustomImage") -> str:
    """Changes with the file and the focal point, and makes the recorded sizes void."""
    focus = (image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height)
    return "|".join(str(part) for part in (image.file.name, *focus))


def _file(state: str) -> str:
    """The file that a state belongs to."""
    return state.rsplit("|", 4)[0]


def sizes(image: "CustomImage", wanted: Iterable[str]) -> dict[str, Size]:
    """Those of the wanted sizes that exist, without a query. Asks for the rest to be made."""
    wanted = list(wanted)
    found = _recorded(image, wanted)
    missing = [name for name in wanted if name not in found]
    if missing and _ask(image, missing):
        # Tasks may run at once (TASKS=immediate): then they are there now.
        image.refresh_from_db(fields=["sizes"])
        found = _recorded(image, wanted)
    return found


def _recorded(image: "CustomImage", wanted: list[str]) -> dict[str, Size]:
    recorded = image.sizes if image.sizes.get("state") == _state(image) else {}
    made = recorded.get("made", {})
    url = image.get_rendition_model()._meta.get_field("file").storage.url
    return {name: Size(url(made[name][0]), made[name][1], made[name][2]) for name in wanted if name in made}


def _ask(image: "CustomImage", missing: list[str]) -> bool:
    """Have sizes made, once in a while. Whether something was set going."""
    collected = _missing.get()
    if collected is not None:
        collected.setdefault(image.pk, set()).update(missing)
        return False
    if image.pk is None:
        return False
    from cms.tasks import make_sizes

    digest = blake2b("|".join(missing).encode(), digest_size=8).hexdigest()
    if not caches["default"].add(f"sizes-asked:{image.pk}:{digest}", 1, ASK_AGAIN):
        return False
    transaction.on_commit(partial(make_sizes.enqueue, image.pk, missing))
    return True


def make(image: "CustomImage", wanted: Iterable[str]) -> None:
    """Make the sizes that do not exist and record them all. Safe to run again, and by two at once."""
    if _file(image.sizes.get("state", "")) not in ("", image.file.name):
        # Made from another file. The library's form deletes them itself; whoever sets the file in code does not.
        image.renditions.all().delete()
    renditions = image.get_renditions(*dict.fromkeys(wanted))
    made = {name: [item.file.name, item.width, item.height] for name, item in renditions.items()}
    with transaction.atomic():
        current = type(image).objects.select_for_update().only("pk", "sizes", "file").get(pk=image.pk)
        state = _state(image)
        before = current.sizes.get("made", {}) if current.sizes.get("state") == state else {}
        image.sizes = {"state": state, "made": {**before, **made}}
        type(image).objects.filter(pk=image.pk).update(sizes=image.sizes)


def original(image: "CustomImage") -> Size:
    """The uploaded file itself, for as long as nothing smaller is made."""
    return Size(image.file.url, image.width, image.height)


def picture(image: "CustomImage", widths: Sequence[int] = DEFAULT_WIDTHS, ratio: str = "") -> Picture:
    """Everything to show an image responsively."""
    *wanted, fallback = specs(image, widths, ratio)
    found = sizes(image, [*wanted, fallback])
    candidates = [found[name] for name in wanted if name in found]
    return Picture(candidates, found.get(fallback) or original(image), *shape(image, ratio))


def single_url(image: Any, name: str) -> str:
    """Address of one size of an image, of the original while it is not made, or empty without an image."""
    if image is None:
        return ""
    found = sizes(image, [name])
    return found[name].url if name in found else original(image).url
