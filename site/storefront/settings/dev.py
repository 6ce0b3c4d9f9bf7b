"""A developer's machine and the demo: everything local, no secret needed, nothing to install beside Python."""

from storefront.settings.base import *  # noqa: F403
from storefront.settings.env import env

DEBUG = env.bool("DEBUG", default=True)
# Fixed on purpose: it protects nothing but a local demo. Production refuses to start without its own.
SECRET_KEY = env.str("SECRET_KEY", default="local-demo-only-not-a-secret-0000000000000000000000000000")
ALLOWED_HOSTS = ["*"]
INTERNAL_IPS = ["127.0.0.1"]
