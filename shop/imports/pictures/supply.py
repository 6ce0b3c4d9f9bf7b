"""Getting the pictures that files have named, and putting them on their products.

A row is done or failed in the same transaction as its effect, so this may run at any time, by several, and again
after a crash. Nothing is held while the network is waited for.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, cast

from django.db import IntegrityError, transaction
from django.db.models import Max

from cms.models import CustomImage
from shop.catalog import listing
from shop.catalog.locks import lock_pages
from shop.catalog.models import ProductImage, ProductPage, Variant
from shop.imports.drafts import digest
from shop.imports.models import FetchedPicture, ImportRun, WantedPicture
from shop.imports.pictures.archive import PictureArchive
from shop.imports.pictures.fetching import PictureError, fetch
from shop.imports.pictures.known import images_of, is_address
from shop.imports.pictures.storing import store

State = WantedPicture.State
# How often a picture is asked for that may come later.
ATTEMPTS_MOST = 4
# Rows read at once.
PORTION = 50

Fetch = Callable[[str], bytes]


@dataclass(slots=True)
class Supplied:
    """What became of pictures that were waiting."""

    done: int = 0
    failed: int = 0
    later: int = 0  # tried, and to be tried again


def supply(*, most: int | None = None, archive: PictureArchive | None = None, get: Fetch = fetch) -> Supplied:
    """Get up to ``most`` pictures that wait, oldest first; each is tried once.

    ``archive`` has the files of those that come without a run.
    """
    supplied, last, seen = Supplied(), 0, 0
    with ExitStack() as stack:
        archives = _Archives(stack, archive)
        while most is None or seen < most:
            size = PORTION if most is None else min(PORTION, most - seen)
            waiting = WantedPicture.objects.filter(state=State.WAITING, pk__gt=last).order_by("pk")
            portion = list(waiting.select_related("product")[:size])
            if not portion:
                break
            for wanted in portion:
                _supply(wanted, archives, get, supplied)
            last, seen = portion[-1].pk, seen + len(portion)
    return supplied


def retry_failed() -> int:
    """Let every picture wait again that failed; gives how many."""
    return WantedPicture.objects.filter(state=State.FAILED).update(state=State.WAITING, attempts=0, reason="")


class _Archives:
    """The archives of runs, each opened once."""

    def __init__(self, stack: ExitStack, given: PictureArchive | None) -> None:
        self._stack, self._given = stack, given
        self._open: dict[int, PictureArchive] = {}

    def read(self, wanted: WantedPicture) -> bytes:
        """Raises PictureError."""
        archive = self._of_run(wanted.run_id) if wanted.run_id else self._given
        if archive is None:
            raise PictureError("It is neither an address nor in an archive of pictures.")
        return archive.read(wanted.address)

    def _of_run(self, run_id: int) -> PictureArchive | None:
        if run_id not in self._open:
            run = ImportRun.objects.filter(pk=run_id).first()
            if run is None or not run.archive:
                return self._given
            try:
                self._open[run_id] = self._stack.enter_context(PictureArchive(cast(BinaryIO, run.archive.open("rb"))))
            except OSError as error:
                raise PictureError("The archive of pictures is gone.") from error
        return self._open[run_id]


def _supply(wanted: WantedPicture, archives: _Archives, get: Fetch, supplied: Supplied) -> None:
    try:
        image = _image(wanted, archives, get)
    except PictureError as error:
        wanted.attempts += 1
        again = error.temporary and wanted.attempts < ATTEMPTS_MOST
        wanted.state, wanted.reason = State.WAITING if again else State.FAILED, str(error)[:300]
        wanted.save(update_fields=["attempts", "state", "reason"])
        supplied.later += again
        supplied.failed += not again
        return
    with transaction.atomic():
        if wanted.sku:
            Variant.objects.filter(product=wanted.product_id, sku=wanted.sku).update(image=image)
        _attach(wanted, image)
        wanted.state, wanted.reason = State.DONE, ""
        wanted.save(update_fields=["state", "reason"])
    supplied.done += 1


def _image(wanted: WantedPicture, archives: _Archives, get: Fetch) -> CustomImage:
    """The image of the library for what a row names. Raises PictureError."""
    if known := images_of([wanted.address]).get(wanted.address):
        return CustomImage.objects.get(pk=known)
    remote = is_address(wanted.address)
    data = get(wanted.address) if remote else archives.read(wanted)
    title = wanted.alt or wanted.product.title
    image = store(data, wanted.address, title=title, description=wanted.alt)
    if remote:  # the same name in another archive may be another picture
        _remember(wanted.address, image)
    return image


def _remember(address: str, image: CustomImage) -> None:
    try:
        with transaction.atomic():
            FetchedPicture.objects.get_or_create(address_digest=digest(address), defaults={"image": image})
    except IntegrityError:
        pass  # somebody has fetched it at the same moment


def _attach(wanted: WantedPicture, image: CustomImage) -> None:
    """Show the image on its product, in the page that is live and in what editors are working on."""
    if not lock_pages([wanted.product_id]):
        return
    page = ProductPage.objects.get(pk=wanted.product_id)
    if ProductImage.objects.filter(page=page, image=image).exists():
        return
    last = ProductImage.objects.filter(page=page).aggregate(last=Max("sort_order"))["last"]
    place = {"image": image, "alt": wanted.alt, "sort_order": 0 if last is None else last + 1}
    as_published = page.live and not page.has_unpublished_changes
    revision = None
    if page.latest_revision_id is not None:
        draft = page.get_latest_revision_as_object()
        draft.images.add(ProductImage(**place))
        revision = draft.save_revision(clean=False)
    if revision is not None and as_published:
        revision.publish(log_action=None, skip_permission_checks=True)
    else:
        ProductImage.objects.create(page_id=page.pk, **place)
    transaction.on_commit(partial(_refresh, [wanted.product_id]))


def _refresh(products: Iterable[int]) -> None:
    listing.refresh(products)
