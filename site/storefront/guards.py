"""Input that no browser sends by itself is refused at the door, with 400 instead of a failure deeper inside.

PostgreSQL cannot store a NUL character, and file systems refuse it: wherever one gets through, some query or file
look-up ends in a 500. Bytes that are not UTF-8 are replaced by Django and do no harm.
"""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.http.request import UnreadablePostError

NUL = "\x00"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class NulCharacterMiddleware:
    """Raises BadRequest (a 400) where the path, the query string or a form field holds a NUL character."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if NUL in request.path_info or ("%00" in query and b"\0" in unquote_to_bytes(query)) or NUL in query:
            raise BadRequest("The address contains a NUL character.")
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
