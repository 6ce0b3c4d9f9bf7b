"""Middleware that every request passes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from cms.sites import site_for_request

# Liveness and readiness say how the process is; they must not depend on a site.
WITHOUT_SITE = ("/health/", "/ready/")


class SiteMiddleware:
    """Names the site of a request from the process's cache, where Wagtail would ask the database each time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(WITHOUT_SITE):
            # Wagtail's own attribute (wagtail.models.sites.Site.find_for_request); a test holds it.
            request._wagtail_site = site_for_request(request)  # type: ignore[attr-defined]
        return self.get_response(request)
