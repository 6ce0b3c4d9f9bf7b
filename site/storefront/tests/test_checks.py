"""Each start-up check is silent when all is well and says what to do when not."""

from pathlib import Path
from typing import Any

import pytest

from storefront import checks


def test_a_cache_of_each_process_alone_is_refused(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    (problem,) = checks.shared_cache(None)
    assert problem.id == "storefront.E001"
    assert "REDIS_URL" in str(problem.hint)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    assert checks.shared_cache(None) == []


def test_a_folder_that_cannot_be_written_is_refused(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "new" / "var"
    assert checks.writable_folder(None) == []
    (tmp_path / "file").touch()
    settings.VAR_DIR = tmp_path / "file" / "var"
    (problem,) = checks.writable_folder(None)
    assert problem.id == "storefront.E002"


@pytest.mark.parametrize(
    ("hosts", "ids"),
    [(["shop.example"], []), ([".example"], []), (["*"], []), (["www.shop.example"], ["storefront.E003"])],
)
def test_the_shops_own_address_must_be_allowed(settings: Any, hosts: list[str], ids: list[str]) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://shop.example"
    settings.ALLOWED_HOSTS = hosts
    assert [problem.id for problem in checks.address_is_allowed(None)] == ids


@pytest.mark.parametrize(
    ("backend", "ids"),
    [
        ("django.core.mail.backends.smtp.EmailBackend", []),
        ("anymail.backends.postmark.EmailBackend", []),
        ("django.core.mail.backends.filebased.EmailBackend", ["storefront.W001"]),
        ("django.core.mail.backends.console.EmailBackend", ["storefront.W001"]),
    ],
)
def test_mail_has_to_leave_the_machine(settings: Any, backend: str, ids: list[str]) -> None:
    settings.EMAIL_BACKEND = backend
    assert [problem.id for problem in checks.mail_leaves_the_machine(None)] == ids


@pytest.mark.parametrize(
    ("engine", "name", "ids"),
    [
        ("django.db.backends.postgresql", "shop", []),
        ("django.db.backends.sqlite3", "/srv/shop.sqlite3", []),
        ("django.db.backends.sqlite3", "shop.sqlite3", ["storefront.E004"]),
        ("django.db.backends.sqlite3", ":memory:", ["storefront.E004"]),
    ],
)
def test_a_database_file_needs_a_fixed_place(settings: Any, engine: str, name: str, ids: list[str]) -> None:
    settings.DATABASES = {"default": {"ENGINE": engine, "NAME": name}}
    assert [problem.id for problem in checks.database_file_has_a_place(None)] == ids
