"""ASGI entry point, for servers that speak it."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.production")
application = get_asgi_application()

from storefront.guards import ForgivingASGIRequest  # noqa: E402  (Django has to be set up first)

application.request_class = ForgivingASGIRequest
