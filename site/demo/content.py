"""Reads the demo shop's words: ``catalogue.toml``, ``merchandising.toml`` and ``pages.toml``."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
FILES = FOLDER / "files"
CONTENT = FOLDER / "content"
IMAGES = FOLDER / "images"


class ContentError(ValueError):
    """Something in the demo's files does not fit; the message names file and place."""


@dataclass(frozen=True, slots=True)
class Content:
    """The files as they stand, and where pictures and downloads are."""

    catalogue: dict[str, Any]
    pages: dict[str, Any]
    images: Path
    merchandising: dict[str, Any] = field(default_factory=dict)
    files: Path = FILES


def read_content(folder: Path = CONTENT, images: Path = IMAGES) -> Content:
    """Raises ContentError where a file is missing or is not TOML. A shop may do without merchandising."""
    merchandising = folder / "merchandising.toml"
    return Content(
        catalogue=_read(folder / "catalogue.toml"),
        pages=_read(folder / "pages.toml"),
        images=images,
        merchandising=_read(merchandising) if merchandising.exists() else {},
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise ContentError(f"{path} is missing.") from None
    except tomllib.TOMLDecodeError as problem:
        raise ContentError(f"{path} is not TOML: {problem}") from problem
