"""What a browser may know of the account, and the second step that the admin may ask for."""

from collections.abc import Callable

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from shop.accounts import cookies

ENROL = "Staff of this shop log in with a second step. Set one up now: it takes a minute, and the admin opens then."


class AccountsMiddleware:
    """Looks at the user only below the account's and the admin's addresses: the shop's pages are for everyone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(reverse("wagtailadmin_home")):
            return self._enrol_first(request) or self.get_response(request)
        if not request.path_info.startswith(reverse("accounts:overview")):
            return self.get_response(request)
        before = request.user.pk
        response = self.get_response(request)
        cookies.show_login(request, response, changed=request.user.pk != before)
        add_never_cache_headers(response)
        return response

    def _enrol_first(self, request: HttpRequest) -> HttpResponseBase | None:
        """Staff without a second step are led to it, where the shop asks for one."""
        if not settings.STAFF_MFA_REQUIRED or not request.user.is_authenticated:
            return None
        # Recovery codes are for those who have lost the step itself.
        if get_adapter().is_mfa_enabled(request.user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]):
            return None
        messages.warning(request, ENROL)
        return HttpResponseRedirect(reverse("mfa_index"))
