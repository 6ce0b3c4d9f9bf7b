"""The two probes: alive whatever happens, ready only with everything in place."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from storefront import health


@pytest.fixture(autouse=True)
def _forget_migrations() -> Iterator[None]:
    health.migrations.complete = False
    yield
    health.migrations.complete = False


# No django_db mark: a query would fail the test.
@pytest.mark.parametrize("host", ["testserver", "10.0.0.7:8000", "wrong.example", "bad host\\"])
def test_health_touches_nothing_and_answers_to_any_host(client: Client, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["shop.example"]
    settings.SECURE_SSL_REDIRECT = True
    with patch.object(caches["default"], "get", side_effect=AssertionError("cache was read")):
        response = client.get("/health/", HTTP_HOST=host)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert "Vary" not in response


@pytest.mark.parametrize("path", ["/health/", "/ready/"])
def test_only_reading_is_allowed(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.database
@pytest.mark.django_db
def test_ready_when_everything_is_there(client: Client) -> None:
    response = client.get("/ready/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "cache": "ok", "migrations": "ok"}
    assert response["Cache-Control"] == "no-store"


@pytest.mark.database
@pytest.mark.django_db
def test_migrations_are_asked_for_until_they_are_complete(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/ready/")
    with django_assert_num_queries(1):
        client.get("/ready/")


@pytest.mark.database
@pytest.mark.django_db
def test_a_missing_migration_is_named(client: Client) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="wishlist", name="0001_initial").delete()
    response = client.get("/ready/")
    assert response.status_code == 503
    assert "wishlist.0001_initial" in response.json()["migrations"]
    assert "manage.py migrate" in response.json()["migrations"]


@pytest.mark.django_db
def test_a_missing_database_is_named_without_its_address(client: Client) -> None:
    with patch.object(
        type(connections["default"]), "cursor", side_effect=OperationalError("no route to db.internal:5432")
    ):
        response = client.get("/ready/")
    assert response.status_code == 503
    assert response.json() == {
        "status": "unavailable",
        "database": "unavailable",
        "cache": "ok",
        "migrations": "unavailable",
    }


@pytest.mark.django_db
def test_a_cache_that_forgets_is_named(client: Client, settings: Any) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    }
    response = client.get("/ready/")
    assert response.status_code == 503
    assert response.json()["cache"] == "does not keep what it is given"


@pytest.mark.redis
@pytest.mark.django_db
def test_ready_on_redis(client: Client, redis_cache: Any) -> None:
    assert client.get("/ready/").json()["cache"] == "ok"


@pytest.mark.django_db
def test_a_cache_that_is_gone_is_named(client: Client, settings: Any) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"},
    }
    response = client.get("/ready/")
    assert response.status_code == 503
    assert response.json()["cache"] == "unavailable"
