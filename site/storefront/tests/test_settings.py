"""The settings of each environment, each in a process of its own: what is wrong is named, and how to put it right."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent.parent
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "storefront.settings.production",
    "SECRET_KEY": "Zk3uQ8x0m1JcVbN5rT7yLwPqEaSdFgHj2K4i6O9uXzCvBnMlQwErTyUiOpAsDfGh",
    "BASE_URL": "https://shop.example",
    "DATABASE_URL": "postgres://shop:secret@db.example:5432/shop",
    "ADDRESS_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "EMAIL_URL": "smtp+tls://shop:secret@mail.example:587",
}
SHOW = """
import json, sys
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


def run(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    keep = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "SYSTEMROOT")}
    return subprocess.run(  # noqa: S603  (a fixed command)
        [sys.executable, *command],
        cwd=REPOSITORY / "site",
        env={**keep, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def show(*names: str, **environment: str) -> dict[str, object]:
    done = run("-c", SHOW, *names, **environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def refusal(**environment: str) -> str:
    done = run("-c", SHOW, "DEBUG", **environment)
    assert done.returncode != 0, done.stdout
    return done.stderr.partition("ImproperlyConfigured: ")[2].strip()


def test_everything_that_is_missing_in_production_is_named_at_once(tmp_path: Path) -> None:
    message = refusal(DJANGO_SETTINGS_MODULE="storefront.settings.production")
    for name in ("SECRET_KEY", "BASE_URL", "DATABASE_URL"):
        assert f"\n  {name}: " in message


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("BASE_URL", "shop.example", "set it to the shop's address without a path"),
        ("BASE_URL", "https://shop.example/shop", "set it to the shop's address without a path"),
        ("BASE_URL", "http://shop.example", "start it with https://, or set HTTPS=off"),
        ("DATABASE_URL", "mysql://shop@db/shop", "DATABASE_URL starts with 'mysql'. Set it to postgres://"),
        ("TASKS", "celery", "TASKS is 'celery': set it to one of database, immediate"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is 'xml': set it to one of json, text"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL is 'LOUD': set it to one of DEBUG,"),
        ("CONN_MAX_AGE", "soon", "CONN_MAX_AGE is 'soon', which is not a valid int"),
    ],
)
def test_a_value_that_cannot_work_is_named(name: str, value: str, words: str) -> None:
    assert words in refusal(**{**PRODUCTION, name: value})


def test_production_follows_from_the_address() -> None:
    names = ["DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "WAGTAILADMIN_BASE_URL", "SECURE_SSL_REDIRECT"]
    names += ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "PAYMENT_PROVIDERS"]
    assert show(*names, **PRODUCTION) == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["shop.example"],
        "CSRF_TRUSTED_ORIGINS": ["https://shop.example"],
        "WAGTAILADMIN_BASE_URL": "https://shop.example",
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "PAYMENT_PROVIDERS": ["shop.payments.providers.invoice.InvoiceProvider"],
    }


def test_https_can_be_switched_off_to_try_production_at_home() -> None:
    environment = {**PRODUCTION, "HTTPS": "off", "BASE_URL": "http://localhost:8000"}
    assert show("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS", **environment) == {
        "SECURE_SSL_REDIRECT": False,
        "SESSION_COOKIE_SECURE": False,
        "SECURE_HSTS_SECONDS": 0,
    }


def test_a_proxy_is_believed_only_when_asked() -> None:
    assert show("SECURE_PROXY_SSL_HEADER", **PRODUCTION) == {"SECURE_PROXY_SSL_HEADER": None}
    assert show("SECURE_PROXY_SSL_HEADER", **PRODUCTION, TRUST_PROXY="on") == {
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"]
    }


def test_services_are_chosen_by_their_address() -> None:
    found = show("DATABASES", "CACHES", "TASKS", **PRODUCTION, REDIS_URL="redis://cache:6379/0", TASKS="database")
    database = found["DATABASES"]["default"]  # type: ignore[index]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["NAME"], database["CONN_MAX_AGE"]) == ("db.example", "shop", 60)
    assert found["CACHES"]["default"]["LOCATION"] == "redis://cache:6379/0"  # type: ignore[index]
    assert found["TASKS"]["default"]["BACKEND"] == "django_tasks_db.DatabaseBackend"  # type: ignore[index]


def test_the_production_settings_pass_djangos_deployment_check() -> None:
    done = run("../manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_the_demo_needs_no_setting_at_all() -> None:
    found = show("DEBUG", "DATABASES", DJANGO_SETTINGS_MODULE="storefront.settings.dev")
    assert found["DEBUG"] is True
    assert found["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"  # type: ignore[index]


def test_new_passwords_are_hashed_with_argon2() -> None:
    shown = show("PASSWORD_HASHERS", **PRODUCTION)
    assert str(shown["PASSWORD_HASHERS"]).startswith("['django.contrib.auth.hashers.Argon2PasswordHasher'")
