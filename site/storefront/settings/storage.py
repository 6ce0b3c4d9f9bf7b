"""Where static files and uploads are, and who serves them."""

from pathlib import Path
from typing import Any

from storefront.settings.env import BASE_DIR, VAR_DIR, env

STATICFILES_DIRS = [BASE_DIR / "static"]
# Where `collectstatic` puts them. An image keeps them outside VAR_DIR: a volume mounted there would hide the new ones.
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATIC_URL = "/static/"
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
PRIVATE_ROOT = VAR_DIR / "private"

STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What buyers download: served by a view that knows who has paid, never by address.
    "private": {
        "BACKEND": "storefront.private_files.PrivateFileSystemStorage",
        "OPTIONS": {"location": str(PRIVATE_ROOT), "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# For production.
HASHED_STATIC_FILES = {"BACKEND": "storefront.static_files.StaticFilesStorage"}

# Whether the site itself serves uploaded pictures. Turn it off where a web server in front does (see
# docs/operations.md). Documents are never served from here: Wagtail checks who may read them.
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=True)

# The files for shopping services (shop/feeds); every machine that serves them makes its own.
FEEDS_DIR = VAR_DIR / "feeds"
