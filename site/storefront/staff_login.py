"""Wagtail's own addresses for logging in and out: they lead to the one login that the shop has."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

ADMIN_HOME = "wagtailadmin_home"


@never_cache
def to_login(request: HttpRequest) -> HttpResponse:
    """The login, which goes on to where somebody wanted to go. It checks that this is an address of ours."""
    wanted = request.GET.get("next") or reverse(ADMIN_HOME)
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")


@never_cache
def to_logout(request: HttpRequest) -> HttpResponse:
    """The logout. 307: the browser posts again what it posted, with its token."""
    return HttpResponseRedirect(reverse("account_logout"), preserve_request=True)


@never_cache
def to_new_password(request: HttpRequest) -> HttpResponse:
    """Where a forgotten password is replaced."""
    return HttpResponseRedirect(reverse("account_reset_password"))
