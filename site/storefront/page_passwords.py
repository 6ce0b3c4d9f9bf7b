"""Pages and documents that editors have put behind a password: Wagtail lets anybody guess it as often as they like."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from wagtail.documents.views.serve import authenticate_with_password as open_document
from wagtail.views import authenticate_with_password as open_page

from cms.limits import Limit, client_address
from shop.accounts.limits import too_many

View = Callable[..., HttpResponseBase]
# From one address, right ones as well.
GUESSES = Limit("page-password", 10, 300)


def limited(view: View) -> View:
    """Refuse to look at more than 10 passwords from one address in 5 minutes."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not GUESSES.allows(client_address(request)):
            refusal: HttpResponseBase = too_many(request, minutes=GUESSES.minutes_left)
            return refusal
        return view(request, *args, **kwargs)

    return guarded


page_password, document_password = limited(open_page), limited(open_document)
