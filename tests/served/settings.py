"""Production, but static files are served from where they lie: nothing has to be collected for a test."""

from storefront.settings.production import *  # noqa: F403  (as the site's own settings do)
from storefront.settings.production import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
