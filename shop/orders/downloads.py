"""Downloads of paid orders: granted with the payment, counted, and renewed by staff.

A link carries a random code with the shop's signature. Expiry and count are kept on the row, so a renewal needs no
guess at what a buyer still has in the mailbox: the old link is dead, the new one is in the next letter.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from cms.sites import default_site
from shop.accounts.models import User
from shop.catalog.digital import current_files
from shop.orders.locks import lock_order
from shop.orders.models import Download, Order, OrderEvent, OrderLine
from shop.orders.models.download import new_code
from shop.orders.payment_source import registry
from shop.orders.statuses import Status

# How long a link works, and how often each unit that was bought may be fetched with it.
VALID_FOR = timedelta(days=30)
TIMES_EACH = 5
# A browser that lost the connection goes on with the rest; that is no further download.
RESUME_WITHIN = timedelta(hours=6)
# States in which what was bought belongs to the buyer, as long as they have not got all of their money back.
STANDING = (Status.PAID, Status.FULFILLED)

_SALT = "shop.orders.download"
_SEPARATOR = "."


class DownloadRefused(Exception):
    """The link is genuine, but does not work (any more); the message is for the buyer."""


@dataclass(frozen=True, slots=True)
class DownloadView:
    """A download as the buyer sees it. ``url`` is a whole address."""

    title: str
    size: int
    left: int
    expires_at: datetime
    url: str
    is_open: bool


@transaction.atomic
def grant(*, order: Order) -> list[Download]:
    """Give the buyer of a paid order its files; called twice it gives nothing more."""
    lines = [line for line in order.lines.prefetch_related("components") if line.digital_skus]
    wanted = {sku for line in lines for sku in line.digital_skus}
    files = current_files(wanted) if wanted else []
    return [
        _grant(line, sku_file.pk, sku_file.title)
        for line in lines
        for sku_file in files
        if sku_file.sku in line.digital_skus
    ]


def _grant(line: OrderLine, file_id: int, title: str) -> Download:
    terms = {"title": title, "limit": TIMES_EACH * line.quantity, "expires_at": timezone.now() + VALID_FOR}
    return Download.objects.get_or_create(line=line, file_id=file_id, defaults=terms)[0]


@transaction.atomic
def renew(*, order: Order, actor: User | None = None) -> int:
    """Make all downloads of an order work again, with new links; gives how many there are.

    Files that were added since to what was bought are granted as well: that is how staff mend a missing file.
    """
    lock_order(order_id=order.pk)
    grant(order=order)
    found = list(Download.objects.filter(line__order=order).select_related("line"))
    for download in found:
        download.code = new_code()
        download.used, download.limit = 0, TIMES_EACH * download.line.quantity
        download.expires_at = timezone.now() + VALID_FOR
        download.save(update_fields=["code", "used", "limit", "expires_at"])
    OrderEvent.objects.create(
        order=order, kind=OrderEvent.Kind.NOTE, message=f"Downloads renewed: {len(found)}", actor=actor
    )
    return len(found)


def can_renew(order: Order) -> bool:
    """Whether an order stands and has anything to download."""
    has_any = any(line.digital_skus for line in order.lines.prefetch_related("components"))
    return has_any and order.status in STANDING and not _is_given_back(order)


def _is_given_back(order: Order) -> bool:
    """Whether all that was paid has gone back to the buyer, or is on its way."""
    payment = registry.payment_of(order)
    return payment is not None and payment.captured > 0 and payment.refundable == 0


def downloads_of(*, order: Order) -> list[Download]:
    """All of an order, in the order of its lines; one query."""
    return list(Download.objects.filter(line__order=order).select_related("file").order_by("line__position", "pk"))


def views_of(*, order: Order) -> list[DownloadView]:
    """What to show the buyer; nothing of an order that does not stand."""
    found = downloads_of(order=order) if order.status in STANDING else []
    if not found or _is_given_back(order):
        return []
    return [
        DownloadView(
            title=each.title,
            size=each.file.size if each.file else 0,
            left=each.left,
            expires_at=each.expires_at,
            url=download_url(download=each),
            is_open=each.is_open,
        )
        for each in found
    ]


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT, sep=_SEPARATOR)


def download_url(*, download: Download) -> str:
    """Full address of a download. The host is the shop's own, never one that a request named."""
    site = default_site()
    root = site.root_url if site else settings.WAGTAILADMIN_BASE_URL
    return f"{root}{reverse('orders:download', args=[_signer().sign(download.code)])}"


def download_from_token(*, token: str) -> Download:
    """The download of a link. Raises Download.DoesNotExist for one that was altered, replaced, or never was."""
    try:
        code = _signer().unsign(token)
    except signing.BadSignature as error:
        raise Download.DoesNotExist from error
    return Download.objects.select_related("file", "line__order").get(code=code)


def check_open(*, download: Download) -> None:
    """Raises DownloadRefused where the link does not work now."""
    if download.line.order.status not in STANDING:
        raise DownloadRefused("The order that this download belongs to is not paid, or was cancelled.")
    if _is_given_back(download.line.order):
        raise DownloadRefused("The order that this download belongs to was refunded.")
    if download.file is None:
        raise DownloadRefused("This file is no longer here. Please write to us.")
    if download.expires_at <= timezone.now():
        raise DownloadRefused("This link has expired. Write to us, and we will send you a new one.")


def count_use(*, download: Download, resumes: bool) -> None:
    """Count one fetch, or none where a broken one goes on. Raises DownloadRefused where none is left.

    Of many requests at once no more than the limit get through.
    """
    now = timezone.now()
    mine = Download.objects.filter(pk=download.pk, code=download.code)
    if resumes and mine.filter(last_used_at__gt=now - RESUME_WITHIN).exists():
        return
    if not mine.filter(Q(used__lt=F("limit"))).update(used=F("used") + 1, last_used_at=now):
        raise DownloadRefused("This link has been used up. Write to us, and we will send you a new one.")
