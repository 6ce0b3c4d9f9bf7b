"""The test suite: fast where it does not matter, like production where it does."""

import os

from storefront.settings.base import *
from storefront.settings.base import CACHES, DATABASES, STORAGES
from storefront.settings.env import VAR_DIR, env

DEBUG = False
SECRET_KEY = "tests-only-0000000000000000000000000000000000000000000000000"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WAGTAILADMIN_BASE_URL = "http://testserver"
PAYMENT_ALLOW_TEST_PROVIDERS = True
# All test buyers come from one address.
CHECKOUT_ATTEMPTS_PER_HOUR = 1_000_000
# Our own, which many tests pay with; whatever else the environment names is held to the contract beside them.
_BUILT_IN = ["shop.payments.providers.dummy.DummyProvider", "shop.payments.providers.invoice.InvoiceProvider"]
PAYMENT_PROVIDERS = [*_BUILT_IN, *(path for path in env.list("PAYMENT_PROVIDERS", default=[]) if path not in _BUILT_IN)]

# Each parallel test process writes to a folder of its own.
TEST_DIR = VAR_DIR / "test" / os.environ.get("PYTEST_XDIST_WORKER", "main")
TEST_DIR.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = TEST_DIR / "media"
STATIC_ROOT = TEST_DIR / "static"
PRIVATE_ROOT = TEST_DIR / "private"
STORAGES["private"]["OPTIONS"]["location"] = str(PRIVATE_ROOT)
FEEDS_DIR = TEST_DIR / "feeds"
STATIC_ROOT.mkdir(exist_ok=True)

# A file, not memory: threads of one test then meet on SQLite as requests meet in production.
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": TEST_DIR / "db.sqlite3"}
# Tests ask for Redis with the redis_cache fixture; nothing else may depend on one.
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"}
# A query budget must not depend on how long a test takes; every test begins with empty caches.
SITE_CACHE_SECONDS = 3600
