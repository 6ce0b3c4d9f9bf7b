"""``REDIS_URL`` moves the cache to Redis; without it a folder of files is shared by the workers of one machine."""

from typing import Any

from storefront.settings.env import VAR_DIR, env

REDIS_URL = env.str("REDIS_URL", default="")

_shared: dict[str, Any]
if REDIS_URL:
    _shared = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cornhill",
    }
else:
    _shared = {
        "BACKEND": "storefront.file_cache.FileCache",
        "LOCATION": str(VAR_DIR / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }

CACHES: dict[str, dict[str, Any]] = {
    "default": _shared,
    # Wagtail looks up each rendition here on every {% image %}; renditions never change, so each process keeps its own.
    "renditions": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "renditions",
        "TIMEOUT": 600,
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # What hardly changes and is read by every request; each process keeps its own for a short while.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "process",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
# Seconds after which a process notices that another has changed a site's host or root page.
SITE_CACHE_SECONDS = 5

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
