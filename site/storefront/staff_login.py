"""The way into the admin, with limits on guessing. Everything else about it is Wagtail's."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.account import LoginView as WagtailLoginView
from wagtail.admin.views.account import PasswordResetView as WagtailPasswordResetView

from cms.limits import Limit, client_address

WINDOW = 300  # seconds
# For one name from one address, for one name from anywhere, and from one address for any name.
GUESSES = Limit("login", 10, WINDOW)
GUESSES_OF_NAME = Limit("login-name", 50, WINDOW)
GUESSES_FROM_ADDRESS = Limit("login-address", 100, WINDOW)
RESETS = Limit("password-reset", 5, WINDOW)
RESETS_FROM_ADDRESS = Limit("password-reset-address", 20, WINDOW)


class LoginView(WagtailLoginView):
    """Refuses to look at more than 10 passwords for one person in 5 minutes, right ones as well."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name, address = request.POST.get("username", "").strip().casefold()[:254], client_address(request)
        # All three count each try, whichever refuses it.
        allowed = [
            GUESSES.allows(name, address),
            GUESSES_OF_NAME.allows(name),
            GUESSES_FROM_ADDRESS.allows(address),
        ]
        if all(allowed):
            response: HttpResponse = super().post(request, *args, **kwargs)
            return response
        return refuse(self, GUESSES.minutes_left)


class PasswordResetView(WagtailPasswordResetView):
    """Sends nobody more than 5 letters in 5 minutes. The answer is the same for a name that nobody has."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name, address = request.POST.get("email", "").strip().casefold()[:254], client_address(request)
        if all([RESETS.allows(name), RESETS_FROM_ADDRESS.allows(address)]):
            response: HttpResponse = super().post(request, *args, **kwargs)
            return response
        return refuse(self, RESETS.minutes_left)


def refuse(view: Any, minutes: int) -> HttpResponse:
    """The form again, with the reason; what was typed is not looked at."""
    form = view.get_form_class()()
    words = f"Too many attempts. Please try again in {minutes} minute{'' if minutes == 1 else 's'}."
    form.errors[NON_FIELD_ERRORS] = form.error_class([words])
    response: HttpResponse = view.render_to_response(view.get_context_data(form=form), status=429)
    response["Retry-After"] = str(minutes * 60)
    return response
