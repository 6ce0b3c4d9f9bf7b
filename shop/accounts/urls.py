"""Addresses of accounts: the login and what surrounds it, and the account's own pages."""

from allauth.account import views as allauth_views
from django.urls import include, path, re_path

from shop.accounts import address_views, privacy_views, views
from shop.accounts.confirm_views import confirm_email
from shop.accounts.limits import limited_link

own = (
    [
        path("", views.overview, name="overview"),
        path("devices/", views.devices, name="devices"),
        path("letters/", privacy_views.letters, name="letters"),
        path("privacy/", privacy_views.privacy, name="privacy"),
        path("privacy/export/", privacy_views.export, name="export"),
        path("privacy/erase/", privacy_views.erase, name="erase"),
        path("addresses/", address_views.index, name="addresses"),
        path("addresses/new/", address_views.new, name="new-address"),
        path("addresses/<int:pk>/", address_views.edit, name="edit-address"),
        path("addresses/<int:pk>/delete/", address_views.delete, name="delete-address"),
        path("addresses/<int:pk>/default/", address_views.make_default, name="default-address"),
    ],
    "accounts",
)
urlpatterns = [
    path("", include(own)),
    # In front of allauth's own, whose names they answer to.
    path("login/", views.login),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", limited_link(confirm_email)),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        limited_link(allauth_views.password_reset_from_key),
    ),
    path("", include("allauth.account.urls")),
    path("second-step/", include("allauth.mfa.urls")),
]
