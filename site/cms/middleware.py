"""Middleware that every request passes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class SiteMiddleware:
    """Placeholder until the site lookup is cached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
