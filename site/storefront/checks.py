"""Start-up checks: a setting that cannot work is named, with what to do about it."""

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from cms.encryption import ADVICE, read_key

PROCESS_LOCAL_CACHES = ("LocMemCache", "DummyCache")
Apps = Sequence[AppConfig] | None


@register(Tags.caches, deploy=True)
def shared_cache(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """What one worker changes has to reach the others."""
    backend = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    if backend not in PROCESS_LOCAL_CACHES:
        return []
    return [
        Error(
            f"The default cache ({backend}) is not shared between processes.",
            hint="Set REDIS_URL, or leave it empty to use files below VAR_DIR.",
            id="storefront.E001",
        )
    ]


@register(Tags.files)
def writable_folder(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Uploads, and what has no service of its own (database, cache, mail), are files."""
    folder = settings.VAR_DIR
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"The site may not write to {folder}.",
            hint="Set VAR_DIR to a folder that the site's user owns, or mount one there.",
            id="storefront.E002",
        )
    ]


@register(Tags.security, deploy=True)
def address_is_allowed(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """A shop whose own address is refused answers every visitor with 400."""
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or ""
    if validate_host(host, settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            f"BASE_URL names the host {host!r}, which ALLOWED_HOSTS does not allow.",
            hint=f"Add {host} to ALLOWED_HOSTS, or remove ALLOWED_HOSTS: it then follows from BASE_URL.",
            id="storefront.E003",
        )
    ]


@register("mail", deploy=True)
def mail_leaves_the_machine(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Without a mail server a customer never gets the confirmation."""
    if settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2] not in ("filebased", "console", "dummy", "locmem"):
        return []
    return [
        Warning(
            "Mail is written to files instead of being sent.",
            hint="Set EMAIL_URL, as smtp+tls://user:password@mail.example:587.",
            id="storefront.W001",
        )
    ]


@register(Tags.database, deploy=True)
def database_file_has_a_place(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """An SQLite file in a place that a new container does not keep would lose every order."""
    database = settings.DATABASES["default"]
    if "sqlite" not in database["ENGINE"] or str(database["NAME"]).startswith("/"):
        return []
    return [
        Error(
            f"The SQLite file {database['NAME']!r} has no fixed place.",
            hint="Write DATABASE_URL with four slashes: sqlite:////folder/file.sqlite3.",
            id="storefront.E004",
        )
    ]


@register(Tags.security)
def encryption_keys_can_be_read(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """A key with a typing error would show when the first customer orders."""
    try:
        for key in settings.ADDRESS_ENCRYPTION_KEYS:
            read_key(key)
    except ImproperlyConfigured as problem:
        return [Error(str(problem), id="storefront.E005")]
    return []


@register(Tags.security, deploy=True)
def encryption_has_keys_of_its_own(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """A key that follows from SECRET_KEY is lost with it, and cannot be changed without it."""
    if settings.ADDRESS_ENCRYPTION_KEYS:
        return []
    return [
        Warning(
            "Addresses and phone numbers are encrypted with a key that follows from SECRET_KEY.",
            hint=f"Set ADDRESS_ENCRYPTION_KEYS, and run `manage.py rotate_encryption`. {ADVICE}",
            id="storefront.W002",
        )
    ]
