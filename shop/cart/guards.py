"""Who may change a cart: pages of this site only.

Shop pages are the same for everyone and are cached, so the form that adds to the cart can carry no CSRF token. Instead
the browser's own word is asked where the request comes from. The session cookie is ``SameSite=Lax`` besides, so that a
request from another site would come with an empty cart anyway.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

View = Callable[..., HttpResponse]

# What Sec-Fetch-Site says of a request from this origin, or of one that the user started without any page.
_OWN = frozenset({"same-origin", "none"})


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that the request comes from this site.

    ``Sec-Fetch-Site`` decides where it is sent; no page can forge it. Older browsers send ``Origin`` or ``Referer``,
    whose host must be ours. A request with none of them is refused.
    """
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site in _OWN
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return _host(source) == request.get_host().lower()


def same_origin_post(view: View) -> View:
    """Let through POST requests from this site only (405 and 403 otherwise); no CSRF token is needed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_same_origin(request):
            raise PermissionDenied("The cart can be changed from this shop's own pages only.")
        return view(request, *args, **kwargs)

    return csrf_exempt(require_POST(guarded))


def _host(address: str) -> str:
    """Host and port of an address; empty where it has none (``null``, rubbish)."""
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""
