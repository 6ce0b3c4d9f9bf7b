"""Response headers for which Django has no setting."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# Wagtail's admin has inline scripts; it gets a policy of its own when they can carry a nonce.
WITHOUT_POLICY = ("/admin/", "/_util/")


class ResponseHeadersMiddleware:
    """Adds ``Permissions-Policy`` and, on the shop's own pages, ``Content-Security-Policy``; a view's own value stays.

    The policy is the same for every answer (no nonce), so that a cached page keeps it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if self.is_ours(request, response):
            response.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        return response

    @staticmethod
    def is_ours(request: HttpRequest, response: HttpResponseBase) -> bool:
        """An HTML page of the shop. Django's own error pages, seen by developers only, are not: they style inline."""
        is_page = response.get("Content-Type", "").startswith("text/html")
        is_debug_page = settings.DEBUG and response.status_code >= 400
        return is_page and not is_debug_page and not request.path_info.startswith(WITHOUT_POLICY)
