"""The link by which a buyer writes verified reviews: signed by order, good for half a year."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from cms.sites import default_site
from shop.orders.models import Order

_SALT = "shop.reviews.invitation"
_SEPARATOR = "."
MAX_AGE = 180 * 24 * 3600  # seconds


def invitation_token(*, order: Order) -> str:
    """The signed part of the address. It opens nothing but the form: neither what was paid nor where it went."""
    return signing.TimestampSigner(salt=_SALT, sep=_SEPARATOR).sign(order.number)


def invitation_path(*, order: Order) -> str:
    """Path of the page on which the products of an order are reviewed."""
    return reverse("reviews:invitation", args=[invitation_token(order=order)])


def invitation_url(*, order: Order) -> str:
    """Full address for a letter. The host is the shop's own, never one that a request named."""
    site = default_site()
    return f"{site.root_url if site else settings.WAGTAILADMIN_BASE_URL}{invitation_path(order=order)}"


def order_of_token(token: str) -> Order | None:
    """The order that a link is for; None for one that was altered, is too old, or whose order is gone."""
    try:
        number = signing.TimestampSigner(salt=_SALT, sep=_SEPARATOR).unsign(token, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    return Order.objects.filter(number=number).first()
