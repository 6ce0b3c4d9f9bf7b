"""What every template can read."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from cms.chrome import get_chrome


def chrome(request: HttpRequest) -> dict[str, Any]:
    """``chrome``: the surroundings of the page, looked up when a template first reads it."""
    return {"chrome": SimpleLazyObject(lambda: get_chrome(Site.find_for_request(request)))}
