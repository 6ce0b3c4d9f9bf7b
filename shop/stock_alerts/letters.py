"""The letters: each at most once, and not to five hundred people for one mug."""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from cms.chrome import get_chrome
from cms.sites import default_site
from shop.catalog.addresses import page_addresses
from shop.catalog.offers import Offer
from shop.catalog.structured_data import variant_url
from shop.stock_alerts.models import StockAlert
from shop.stock_alerts.selectors import back

logger = logging.getLogger(__name__)

# How long a worker may take over one letter before another takes it up, and after how many failures it is left alone.
CLAIM_TIMEOUT = timedelta(minutes=10)
MAX_ATTEMPTS = 5
# Letters in one round for each unit that is there; whoever has waited longest comes first.
PER_UNIT = 5
PER_ROUND = 500
# An address waits so long and is then forgotten.
KEPT = timedelta(days=183)


def send_due() -> tuple[int, int]:
    """Write to those who wait for what is back; gives how many letters went out and how many are left.

    A round writes to so many as there are goods for; the next one, minutes later, to the others, if there still are
    any.
    """
    waiting = _waiting()
    offers = back(set(waiting.values_list("sku", flat=True).distinct()))
    due: list[tuple[int, Offer]] = []
    for sku, offer in offers.items():
        units = offer.availability.quantity if offer.availability.here is None else offer.availability.here
        most = PER_ROUND if units is None else min(PER_ROUND, units * PER_UNIT)
        due += [(pk, offer) for pk in waiting.filter(sku=sku).order_by("pk").values_list("pk", flat=True)[:most]]
    sent = sum(_deliver(pk, offer) for pk, offer in due[:PER_ROUND])
    return sent, waiting.filter(sku__in=offers).count()


def prune() -> int:
    """Forget the addresses that have waited for half a year."""
    count, _ = StockAlert.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return count


def _waiting() -> "QuerySet[StockAlert]":
    free = Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - CLAIM_TIMEOUT)
    return StockAlert.objects.filter(free, attempts__lt=MAX_ATTEMPTS)


def _deliver(pk: int, offer: Offer) -> bool:
    """Send a letter unless another worker has it. A failure is kept on the row, never raised."""
    if not _waiting().filter(pk=pk).update(claimed_at=timezone.now(), attempts=F("attempts") + 1):
        return False
    alert = StockAlert.objects.get(pk=pk)
    try:
        compose(email=alert.email, offer=offer).send()
    except Exception as error:  # a refused letter must not stop the others
        logger.error(
            "Back-in-stock letter could not be sent",
            extra={"sku": alert.sku, "error": type(error).__name__},
            # A mail server's refusal repeats the address: it stays out of the log.
            exc_info=not isinstance(error, smtplib.SMTPException),
        )
        StockAlert.objects.filter(pk=pk).update(claimed_at=None, last_error=type(error).__name__)
        return False
    alert.delete()
    return True


def compose(*, email: str, offer: Offer) -> EmailMultiAlternatives:
    """The letter as HTML and as text."""
    site = default_site()
    root = site.root_url if site else settings.WAGTAILADMIN_BASE_URL
    path = page_addresses()(offer.variant.product.url_path)
    context = {
        "offer": offer,
        "product": offer.variant.product,
        "shop": get_chrome(site),
        "url": variant_url(f"{root}{path}", offer.variant.sku),
    }
    name = "emails/back_in_stock"
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"{name}_subject.txt", context).split()),
        body=render_to_string(f"{name}.txt", context),
        to=[email],
    )
    message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return message
