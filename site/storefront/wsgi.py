"""WSGI entry point, used by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.production")
application = get_wsgi_application()

from storefront.guards import ForgivingWSGIRequest  # noqa: E402  (Django has to be set up first)

application.request_class = ForgivingWSGIRequest
