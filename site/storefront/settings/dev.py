"""A developer's machine and the demo: everything local, no secret needed, nothing to install beside Python."""

from storefront.settings.base import *
from storefront.settings.base import STATIC_ROOT
from storefront.settings.env import env
from storefront.settings.logging import logging_config

DEBUG = env.bool("DEBUG", default=True)
# Fixed on purpose: it protects nothing but a local demo. Production refuses to start without its own.
SECRET_KEY = env.str("SECRET_KEY", default="") or "local-demo-only-not-a-secret-0000000000000000000000000000"
ALLOWED_HOSTS = ["*"]
INTERNAL_IPS = ["127.0.0.1"]
LOGGING = logging_config("text")

# WhiteNoise serves static files from where they are, as they are now, with and without DEBUG.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# It warns where the folder of collected files is missing.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# The test card moves no money, and here nobody takes it for real.
PAYMENT_ALLOW_TEST_PROVIDERS = True
# Passkeys work on localhost without HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
