"""The cache of a shop without Redis: a folder of files that the processes of one machine share.

Django's own loses count where two add one at once, starts an entry's time anew with each addition, and throws entries
out at random once there are many. Limits on guessing are counted here: each of these would let somebody guess on.
"""

import os
import pickle
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks

# Folders by the first two digits of an entry's name: making room looks through one of them, not through everything.
SHARDS = 256


class FileCache(FileBasedCache):
    """``add`` and ``incr`` are atomic; what is full loses what has ended, then what was written longest ago."""

    # Django's own, whose types it does not declare.
    _dir: str
    _max_entries: int
    _cull_frequency: int
    _createdir: Callable[[], None]
    _is_expired: Callable[[IO[bytes]], bool]
    _write_content: Callable[[IO[bytes], Any, Any], None]

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        with self._alone(key, version):
            return bool(super().add(key, value, timeout, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """The entry ends when it would have ended. Raises ValueError where there is none."""
        with self._alone(key, version) as path:
            value = self.get(key, version=version)
            if value is None:
                raise ValueError(f"Key {key!r} not found")
            with path.open("rb") as file:
                ends: float | None = pickle.load(file)  # noqa: S301  (the shop's own folder)
            self.set(key, value + delta, None if ends is None else ends - time.time(), version)
            return int(value + delta)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        path = self._path(key, version)
        self._make_room(path.parent)
        handle, written = tempfile.mkstemp(dir=path.parent)
        try:
            with open(handle, "wb") as file:
                self._write_content(file, timeout, value)
            os.replace(written, path)
        except BaseException:
            Path(written).unlink(missing_ok=True)
            raise

    def _key_to_file(self, key: str, version: int | None = None) -> str:
        folder, name = os.path.split(super()._key_to_file(key, version))  # type: ignore[misc]
        return os.path.join(folder, name[:2], name)

    def _list_cache_files(self) -> list[str]:
        return [str(path) for path in Path(self._dir).glob(f"*/*{self.cache_suffix}")]

    def _path(self, key: str, version: int | None) -> Path:
        """Where an entry is, in a folder that is there."""
        path = Path(self._key_to_file(key, version))
        self._createdir()
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return path

    def _make_room(self, folder: Path) -> None:
        files = list(folder.glob(f"*{self.cache_suffix}"))
        if len(files) < max(self._max_entries // SHARDS, self._cull_frequency):
            return
        lasting = sorted((written, file) for file in files if (written := self._written(file)) is not None)
        keep = len(files) - len(files) // self._cull_frequency
        for _written, file in lasting[: max(len(lasting) - keep, 0)]:
            file.unlink(missing_ok=True)

    def _written(self, path: Path) -> float | None:
        """When an entry was written; None for one that is gone, as one is that has ended."""
        try:
            with path.open("rb") as file:
                return None if self._is_expired(file) else os.fstat(file.fileno()).st_mtime
        except FileNotFoundError:
            return None

    @contextmanager
    def _alone(self, key: str, version: int | None) -> Iterator[Path]:
        """Gives where an entry is, while nobody else, in any process, counts in the same folder."""
        path = self._path(key, version)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            locks.lock(folder, locks.LOCK_EX)
            yield path
        finally:
            os.close(folder)
