"""Every address of the site. Pages come last: Wagtail answers whatever nothing else has claimed."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from storefront.media import picture
from storefront.page_passwords import document_password, page_password
from storefront.staff_login import to_login, to_logout, to_new_password

handler429 = "shop.accounts.limits.too_many"

urlpatterns: list[URLPattern | URLResolver] = [
    # In front of Wagtail's own, whose names they answer to: there is one login.
    path("admin/login/", to_login),
    path("admin/logout/", to_logout),
    path("admin/password_reset/", to_new_password),
    path("_util/login/", to_login),
    # In front of Wagtail's own as well, which count no guesses.
    path("_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/", page_password),
    path("documents/authenticate_with_password/<int:restriction_id>/", document_password),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("search/", include("search.urls")),
    path("account/orders/", include("shop.orders.account_urls")),
    path("account/", include("shop.accounts.urls")),
    path("cart/", include("shop.cart.urls")),
    path("checkout/", include("shop.checkout.urls")),
    path("orders/", include("shop.orders.urls")),
    path("payments/", include("shop.payments.webhooks")),
    path("feeds/", include("shop.feeds.urls")),
    path("", include("shop.catalog.urls")),
    path("reviews/", include("shop.reviews.urls")),
    path("wishlist/", include("shop.wishlist.urls")),
    path("offers/", include("shop.promotions.urls")),
    path("back-in-stock/", include("shop.stock_alerts.urls")),
    path("", include("cms.urls")),
]
if settings.SERVE_MEDIA:
    urlpatterns.append(path(f"{settings.MEDIA_URL.lstrip('/')}<path:path>", picture, name="media"))
urlpatterns += [path("", include(wagtail_urls))]
