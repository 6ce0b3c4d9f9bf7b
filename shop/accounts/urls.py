"""Addresses of accounts: the login and what surrounds it, and the account's own pages."""

from allauth.account import views as allauth_views
from django.urls import include, path, re_path

from shop.accounts import views
from shop.accounts.limits import limited_link

own = (
    [
        path("", views.overview, name="overview"),
    ],
    "accounts",
)
urlpatterns = [
    path("", include(own)),
    # In front of allauth's own, whose names they answer to.
    path("login/", views.login),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", limited_link(allauth_views.confirm_email)),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        limited_link(allauth_views.password_reset_from_key),
    ),
    path("", include("allauth.account.urls")),
    path("second-step/", include("allauth.mfa.urls")),
]
