"""Model fields that are encrypted in the database: AES-256-GCM, with keys that can be changed while the shop runs.

A stored value is ``enc1:<key id>:<base64 of nonce and ciphertext>``. It is bound to its table and column, so that one
cannot be moved into another. ``ADDRESS_ENCRYPTION_KEYS`` lists the keys: the first one encrypts, all decrypt. Text
without the prefix was stored before its field was encrypted, and is read as it is until ``rotate_encryption`` has run.
An empty text stays empty.
"""

import base64
import binascii
import hashlib
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

PREFIX = "enc1:"
KEY_BYTES = 32
NONCE_BYTES = 12
ADVICE = 'Make one with: python3 -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'


class DecryptionError(RuntimeError):
    """A stored value cannot be read: its key is missing, or it was changed or moved."""


class KeyRing:
    """The keys by their id. An id is a digest of its key: it tells nothing about it."""

    def __init__(self, keys: list[bytes]) -> None:
        self._keys = {hashlib.sha256(b"id of " + key).hexdigest()[:8]: AESGCM(key) for key in keys}
        self.current = next(iter(self._keys))

    def encrypt(self, text: str, place: str) -> str:
        """The stored form of a text for this place (``table.column``); another one each time."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys[self.current].encrypt(nonce, text.encode("utf-8", "surrogatepass"), place.encode())
        return f"{PREFIX}{self.current}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, stored: str, place: str) -> str:
        """The text of a stored form. Raises DecryptionError, which says what to do."""
        name, _, sealed = stored.removeprefix(PREFIX).partition(":")
        if name not in self._keys:
            raise DecryptionError(
                f"A value in {place} was encrypted with the key {name!r}, which ADDRESS_ENCRYPTION_KEYS does not have "
                f"(it has {', '.join(self._keys)}). Add that key again, after the others, and run "
                "`manage.py rotate_encryption` before you take it away."
            )
        try:
            raw = base64.b64decode(sealed, validate=True)
            opened = self._keys[name].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise DecryptionError(f"A value in {place} was changed, or moved there from another place.") from error
        return opened.decode("utf-8", "surrogatepass")


def key_ring() -> KeyRing:
    """The keys of the settings, then those that follow from ``SECRET_KEY``: a shop may begin without any."""
    return _ring(tuple(settings.ADDRESS_ENCRYPTION_KEYS), settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...], secret: str, former: tuple[str, ...]) -> KeyRing:
    return KeyRing([*(read_key(key) for key in keys), *(_derived(each) for each in (secret, *former))])


def read_key(text: str) -> bytes:
    """A key as the settings have it: 32 bytes in base64. Raises ImproperlyConfigured."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"ADDRESS_ENCRYPTION_KEYS has an entry that is not 32 bytes in base64. {ADVICE}")
    return key


def _derived(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"cms.encryption").derive(secret.encode())


class EncryptedCharField(models.CharField):
    """A short text that is encrypted in the database. ``max_length`` is that of the text; nothing can be looked up."""

    def get_internal_type(self) -> str:
        """The stored form is longer than the text."""
        return "TextField"

    @property
    def place(self) -> str:
        """What its values are bound to."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "resolve_expression"):
            raise TypeError(f"{self.place} is encrypted: the database cannot compute its value.")
        text = super().get_db_prep_save(value, connection)
        return key_ring().encrypt(text, self.place) if isinstance(text, str) and text else text

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if isinstance(value, str) and value.startswith(PREFIX):
            return key_ring().decrypt(value, self.place)
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        """None but ``isnull``: Django then says that the field does not support it."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> Any:
        return None


def encrypted_fields(model: type[models.Model]) -> list[EncryptedCharField]:
    """Those of a model's own table."""
    return [field for field in model._meta.local_fields if isinstance(field, EncryptedCharField)]
