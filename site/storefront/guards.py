"""Input that no browser sends by itself is refused at the door, with 400 instead of a failure deeper inside.

PostgreSQL cannot store a NUL character, and file systems refuse it: wherever one gets through, some query or file
look-up ends in a 500. Bytes that are not UTF-8 are replaced by Django and do no harm. A claim to be written in another
character set does: Django believes it, and Python knows some that are none ("base64", "undefined").
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponseBase
from django.http.request import UnreadablePostError
from django.utils.http import parse_header_parameters

NUL = "\x00"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class AnyContentType(HttpRequest):
    """A request that no Content-Type header makes fail before a middleware could answer.

    One that cannot be read counts for none. Everything is read as UTF-8, whatever it claims to be written in.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            self.content_type, self.content_params = "", {}


class ForgivingWSGIRequest(AnyContentType, WSGIRequest):
    """What ``wsgi.py`` makes of a request."""


class ForgivingASGIRequest(AnyContentType, ASGIRequest):
    """What ``asgi.py`` makes of a request."""


class NulCharacterMiddleware:
    """Raises BadRequest (a 400) where the path, the query string, a cookie or a form field holds a NUL character."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if NUL in request.path_info or ("%00" in query and b"\0" in unquote_to_bytes(query)) or NUL in query:
            raise BadRequest("The address contains a NUL character.")
        # In a quoted cookie a NUL is written in digits.
        if "\\000" in request.META.get("HTTP_COOKIE", "") and any(NUL in value for value in request.COOKIES.values()):
            raise BadRequest("A cookie contains a NUL character.")
        if request.method == "POST" and request.content_type in FORM_TYPES and self.form_has_nul(request):
            raise BadRequest("The form contains a NUL character.")
        return self.get_response(request)

    @staticmethod
    def form_has_nul(request: HttpRequest) -> bool:
        try:
            fields = request.POST.lists()
        except UnreadablePostError:
            raise BadRequest("The form ended early.") from None
        return any(NUL in name or any(NUL in value for value in values) for name, values in fields)
