"""Puts the demo's pictures into Wagtail's image library, each once."""

from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from wagtail.utils.file import hash_filelike

from cms.models import CustomImage
from demo.content import Content, ContentError

SUFFIXES = (".webp", ".png", ".jpg")


class Library:
    """``library["mushroom-lamp"]`` is the image of that name; a file that is in the library already is found there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.images: dict[str, CustomImage] = {}

    def __getitem__(self, name: str) -> CustomImage:
        return self.images[name]

    def get(self, name: str) -> CustomImage | None:
        """The image of a name; None for no name."""
        return self.images[name] if name else None

    def add(self, name: str, description: str) -> CustomImage:
        """Find or store a picture. Raises ContentError where there is no file of that name."""
        if name not in self.images:
            self.images[name] = self._store(name, description)
        return self.images[name]

    def _store(self, name: str, description: str) -> CustomImage:
        path = next((path for suffix in SUFFIXES if (path := self.folder / f"{name}{suffix}").exists()), None)
        if path is None:
            raise ContentError(f"The content names the picture {name!r}, which is not in {self.folder}.")
        with path.open("rb") as file:
            digest = hash_filelike(file)
            existing = CustomImage.objects.filter(file_hash=digest).order_by("pk").first()
            if existing is not None:
                return existing
            image = CustomImage(title=title(name), description=description, file_hash=digest)
            image.file_size = path.stat().st_size
            image.file = ImageFile(file, name=path.name)
            image.save()
            return image


def title(name: str) -> str:
    """``wool-throw--navy`` as a person writes it: ``Wool throw, navy``."""
    return name.replace("--", ", ").replace("-", " ").capitalize()


def named_pictures(content: Content) -> dict[str, str]:
    """Every picture that the content names, with the first words that describe it."""
    found: dict[str, str] = {}

    def note(name: str, words: str) -> None:
        if name and not found.get(name):
            found[name] = words

    for product in content.catalogue.get("products", []):
        for image in product["images"]:
            note(image["name"], image["alt"])
    _walk(content.pages, note)
    for category in content.catalogue.get("categories", []):
        note(category["image"], "")
    for product in content.catalogue.get("products", []):
        for variant in product["variants"]:
            note(variant["image"], "")
    return found


def _walk(value: Any, note: Any) -> None:
    if isinstance(value, dict):
        if isinstance(value.get("image"), str):
            note(value["image"], value.get("image_alt") or value.get("alt") or "")
        for child in value.values():
            _walk(child, note)
    elif isinstance(value, list):
        for child in value:
            _walk(child, note)
