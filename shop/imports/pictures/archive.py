"""A ZIP archive of pictures beside a product file. Nothing is unpacked to disk: names only look pictures up."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from types import TracebackType
from typing import BinaryIO, Self

from django.conf import settings

from shop.imports.pictures.fetching import PictureError

ENTRIES_MOST = 50_000
# Unpacked to packed size of one picture; pictures are packed already, so honest ones are near 1.
RATIO_MOST = 100
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")


class PictureArchive:
    """Open for reading. Use as a context manager. Raises PictureError for what is not a usable archive."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise PictureError("The archive of pictures is not a ZIP file, or it is damaged.") from error
        entries = self._zip.infolist()
        if len(entries) > ENTRIES_MOST:
            raise PictureError(f"The archive of pictures has more than {ENTRIES_MOST:,} entries.")
        self._entries = dict(self._named(entries))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._entries or _last(name) in self._entries

    def __len__(self) -> int:
        return len({entry.filename for entry in self._entries.values()})

    def read(self, name: str) -> bytes:
        """The picture that a cell names, by its path in the archive or its file name alone. Raises PictureError."""
        entry = self._entries.get(_folded(name)) or self._entries.get(_last(name))
        if entry is None:
            raise PictureError(f"The archive has no picture called {PurePosixPath(name).name[:100]}.")
        limit: int = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
        if entry.file_size > limit:
            raise PictureError(f"The picture is larger than {limit // 1024**2} MB.")
        if entry.file_size > RATIO_MOST * max(entry.compress_size, 1):
            raise PictureError("The picture unpacks to far more than a picture would.")
        if entry.flag_bits & 0x1:
            raise PictureError("The archive is protected by a password.")
        try:
            with self._zip.open(entry) as file:
                return file.read(limit + 1)  # zipfile stops at the size that the directory gives
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
            raise PictureError("The picture in the archive is damaged.") from error

    def _named(self, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
        """Pictures by path and by file name; folders, links and other files are not there at all."""
        for entry in entries:
            mode = entry.external_attr >> 16
            if entry.is_dir() or stat.S_ISLNK(mode) or not entry.filename.lower().endswith(SUFFIXES):
                continue
            yield _last(entry.filename), entry
            yield _folded(entry.filename), entry


def _folded(name: str) -> str:
    return "/".join(part for part in name.replace("\\", "/").casefold().split("/") if part not in ("", ".", ".."))


def _last(name: str) -> str:
    return _folded(name).rpartition("/")[2]
