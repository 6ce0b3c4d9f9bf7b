"""A real shop. Everything that must not be guessed is required; the rest follows from it."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from storefront.settings.base import *
from storefront.settings.base import STORAGES
from storefront.settings.env import env, require
from storefront.settings.logging import logging_config
from storefront.settings.security import HSTS_PRELOAD, HSTS_SECONDS, HSTS_SUBDOMAINS, HTTPS, TRUST_PROXY
from storefront.settings.storage import HASHED_STATIC_FILES

require(
    {
        "SECRET_KEY": 'a long random text: python -c "import secrets; print(secrets.token_urlsafe(64))"',
        "BASE_URL": "the shop's address without a path, as https://shop.example",
        "DATABASE_URL": "postgres://user:password@host:5432/name (or sqlite:////folder/file.sqlite3 on one machine)",
    }
)

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
# Keys that were used before; what they signed (sessions, order links) stays valid until it expires.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

BASE_URL = env.str("BASE_URL").rstrip("/")
_address = urlsplit(BASE_URL)
if _address.scheme not in ("http", "https") or not _address.hostname or _address.path:
    raise ImproperlyConfigured(f"BASE_URL is {BASE_URL!r}: set it to the shop's address without a path.")
if HTTPS and _address.scheme != "https":
    raise ImproperlyConfigured(
        f"BASE_URL is {BASE_URL!r}: start it with https://, or set HTTPS=off to try the shop out without a certificate."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_address.hostname])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])
WAGTAILADMIN_BASE_URL = BASE_URL

if HTTPS:
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = HSTS_SECONDS
    SECURE_HSTS_INCLUDE_SUBDOMAINS = HSTS_SUBDOMAINS
    SECURE_HSTS_PRELOAD = HSTS_PRELOAD
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STORAGES["staticfiles"] = HASHED_STATIC_FILES
LOGGING = logging_config("json")
LOG_REQUESTS = True

# The test card takes no money: a real shop names the providers it wants, or gets none but payment by invoice.
PAYMENT_PROVIDERS = env.list("PAYMENT_PROVIDERS", default=["shop.payments.providers.invoice.InvoiceProvider"])
