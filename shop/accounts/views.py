"""The login and the account's own pages. Nothing here is ever cached."""

from typing import Any

from allauth.account.views import LoginView as AllauthLoginView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shop.accounts import sessions
from shop.accounts.limits import login_wait
from shop.accounts.visitors import account_of

NO_ADMIN = "Your account does not open the shop's admin. Log in with one that does, or ask who runs this shop."


class LoginView(AllauthLoginView):
    """Refuses to look at more than 10 passwords for one person in 5 minutes, right ones as well."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        minutes = login_wait(request, request.POST.get("login", ""))
        if not minutes:
            response: HttpResponse = super().post(request, *args, **kwargs)
            return response
        form = self.get_form_class()(request=request)
        words = f"Too many attempts. Please try again in {minutes} minute{'' if minutes == 1 else 's'}."
        form.errors[NON_FIELD_ERRORS] = form.error_class([words])
        response = self.render_to_response(self.get_context_data(form=form), status=429)
        response["Retry-After"] = str(minutes * 60)
        return response

    def get_authenticated_redirect_url(self) -> str:
        """Where somebody goes who is logged in. The admin sends those here who may not enter: not back and forth."""
        url: str = super().get_authenticated_redirect_url()
        if not url.startswith(reverse("wagtailadmin_home")) or self.request.user.has_perm("wagtailadmin.access_admin"):
            return url
        messages.error(self.request, NO_ADMIN)
        return reverse("accounts:overview")


login = LoginView.as_view()


@never_cache
@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The first page of the account."""
    return render(request, "account/overview.html")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """Log out everywhere else: a phone was lost, or a login at somebody else's was forgotten."""
    if request.method != "POST":
        return render(request, "account/devices.html")
    sessions.end_others(request=request, user=account_of(request))
    messages.success(request, "You are logged out everywhere but here.")
    return redirect("accounts:devices")
