"""The link by which a guest sees an order: signed, so it cannot be guessed or altered, and it expires.

It carries the order's random number, not its row id: a signature hides nothing.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from cms.sites import default_site
from shop.orders.models import Order

_SALT = "shop.orders.link"
# Neither the number nor Django's signature has a full stop.
_SEPARATOR = "."


class LinkExpired(Exception):
    """The link is genuine but too old."""


class LinkInvalid(Exception):
    """The link was altered, cut short, or is of no order."""


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=_SALT, sep=_SEPARATOR)


def order_token(*, order: Order) -> str:
    """The signed part of the address; good for ``settings.ORDER_LINK_MAX_AGE`` seconds from now."""
    return _signer().sign(order.number)


def order_path(*, order: Order) -> str:
    """Path of the order's page on this site."""
    return reverse("orders:confirmation", args=[order_token(order=order)])


def order_url(*, order: Order) -> str:
    """Full address for a letter. The host is the shop's own, never one that a request named."""
    return f"{_root()}{order_path(order=order)}"


def invoice_path(*, order: Order) -> str:
    """Path of the order's invoice on this site."""
    return reverse("orders:invoice", args=[order_token(order=order)])


def invoice_url(*, order: Order) -> str:
    """Full address of the invoice for a letter."""
    return f"{_root()}{invoice_path(order=order)}"


def order_from_token(*, token: str, expired_too: bool = False) -> Order:
    """The order that a link is for. Raises LinkInvalid, and LinkExpired unless ``expired_too``."""
    try:
        number = _signer().unsign(token, max_age=None if expired_too else settings.ORDER_LINK_MAX_AGE)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise LinkInvalid from error
    order = Order.objects.filter(number=number).first()
    if order is None:
        raise LinkInvalid
    return order


def _root() -> str:
    site = default_site()
    return str(site.root_url if site else settings.WAGTAILADMIN_BASE_URL)
