"""Where payment companies send their messages. Only the company's signature lets one in."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.payments.events import EventPostponed, receive_event
from shop.payments.providers.base import EventRefused
from shop.payments.registry import UnknownProvider, provider_for

logger = logging.getLogger(__name__)

# No company's message comes near this; anything longer is not read.
MAX_BYTES = 256 * 1024


@csrf_exempt
@never_cache
@require_POST
def receive(request: HttpRequest, code: str) -> HttpResponse:
    """Take in a message: 200 where it is stored or was before, 400 where its signature is wrong, 503: send it again."""
    try:
        provider = provider_for(code)
    except UnknownProvider:
        raise Http404("No such payment provider.") from None
    try:
        event = provider.parse_event(body=_body(request), headers=request.headers)
    except EventRefused as refused:
        logger.warning("Payment event refused", extra={"provider": code, "why": str(refused)})
        return _answer("refused", status=400)
    try:
        stored = receive_event(provider_code=provider.code, event=event)
    except EventPostponed as postponed:
        logger.warning("Payment event postponed", extra={"provider": code, "event": event.id, "why": str(postponed)})
        return _answer("not yet", status=503)
    return _answer(stored.outcome)


def _body(request: HttpRequest) -> bytes:
    """The message as it was signed. Raises EventRefused for one that is too long or ends early."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > MAX_BYTES:
        raise EventRefused(f"{length} bytes are too many.")
    try:
        return request.body
    except (RawPostDataException, UnreadablePostError) as error:
        raise EventRefused("The message cannot be read.") from error


def _answer(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")


app_name = "payments"
urlpatterns = [path("webhooks/<slug:code>/", receive, name="webhook")]
