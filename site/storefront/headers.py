"""Response headers for which Django has no setting."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# Wagtail's own pages, which have scripts inline.
ADMIN = ("/admin/", "/_util/")


class ResponseHeadersMiddleware:
    """Adds ``Permissions-Policy`` and, on pages, ``Content-Security-Policy``; a view's own value stays.

    The shop's policy is the same for every answer (no nonce), so that a cached page keeps it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if self.is_page(response):
            response.setdefault("Content-Security-Policy", policy_of(request))
        return response

    @staticmethod
    def is_page(response: HttpResponseBase) -> bool:
        """HTML. Django's own error pages, seen by developers only, do not count: they style inline."""
        is_html = response.get("Content-Type", "").startswith("text/html")
        return is_html and not (settings.DEBUG and response.status_code >= 400)


def policy_of(request: HttpRequest) -> str:
    """The shop's policy, or the admin's."""
    in_admin = request.path_info.startswith(ADMIN)
    policy: str = settings.ADMIN_CONTENT_SECURITY_POLICY if in_admin else settings.CONTENT_SECURITY_POLICY
    return policy
