"""The test suite: in-memory and fast where it does not matter, like production where it does."""

import tempfile
from pathlib import Path

from storefront.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "tests-only-0000000000000000000000000000000000000000000000000"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.gettempdir()) / "cornhill-test-media"
WAGTAILADMIN_BASE_URL = "http://testserver"
