"""Digital goods from the cart to the saved file."""

import re
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.utils import timezone

from shop.cart.selectors import build_cart
from shop.catalog.bundles import BundleError, set_components
from shop.catalog.digital import DigitalError, add_file, retire_files, set_digital
from shop.catalog.models import DigitalFile, ProductPage, Variant
from shop.catalog.services import save_variants
from shop.checkout import ledger
from shop.checkout.tests.factories import CONFIRMS, INVOICE, Buyer, stock
from shop.orders import downloads
from shop.orders import services as orders
from shop.orders.downloads import TIMES_EACH, VALID_FOR, download_url, downloads_of
from shop.orders.models import Download, Order
from shop.orders.statuses import Status
from shop.payments.models import Payment
from shop.payments.services import refund
from tests.factories import make_product

pytestmark = pytest.mark.database
Capture = Callable[..., Any]
Threads = Callable[[int, Callable[[int], Any]], list[Any]]

WORDS = b"%PDF-1.7 a pattern for a tea cosy, 0123456789" * 400


def variant(sku: str) -> Variant:
    return Variant.objects.get(sku=sku)


def make_download(sku: str = "PATTERN", price: int = 450) -> ProductPage:
    product = make_product(title="Tea cosy pattern", sku=sku, price=price, stock=0)
    add_file(sku=sku, file=ContentFile(WORDS, name="tea cosy.pdf"), title="Tea cosy, pattern")
    set_digital(variant=variant(sku), digital=True)
    return product


@pytest.fixture
def pattern(home_page: object) -> ProductPage:
    return make_download()


def path(url: str) -> str:
    return urlsplit(url).path


def links(page: Any) -> list[str]:
    text = page if isinstance(page, str) else page.content.decode()
    return [path(found) for found in re.findall(r'(?:href="|\s)(http://testserver/orders/download/[^"\s]+)', text)]


def buy(buyer: Buyer, **cart: int) -> Order:
    """Paid in one go; the order."""
    for sku, quantity in cart.items():
        buyer.add(sku, quantity)
    buyer.check_out()
    order = Order.objects.latest("pk")
    assert order.status in (Status.PAID, Status.FULFILLED)
    return order


def link_of(order: Order) -> str:
    (download,) = downloads_of(order=order)
    return path(download_url(download=download))


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.django_db
class TestBuying:
    def test_a_download_needs_neither_stock_nor_delivery_nor_address(self, pattern: ProductPage) -> None:
        cart = build_cart(items={"PATTERN": 2})
        assert (cart.total, cart.adjustment("delivery"), cart.needs_delivery) == (900, None, False)
        buyer = Buyer()
        buyer.add("PATTERN")
        page = buyer.get("/checkout/").content.decode()
        assert "There is nothing to send" in page
        assert "address_line_1" not in page
        form = {name: value for name, value in buyer.form().items() if name not in ("address_line_1", "city")}
        assert buyer.post("/checkout/", {**form, "postcode": "", "address_line_2": ""}).status_code == 303
        order = Order.objects.get()
        assert (order.address_lines, order.shipping_total, order.total) == (["Ann Archer"], 0, 450)
        assert (order.quantities, order.stock_quantities) == ({"PATTERN": 1}, {})
        assert ledger.violations() == []

    def test_with_something_to_send_it_is_delivered_as_usual(self, pattern: ProductPage) -> None:
        make_product(sku="MUG", price=1250, stock=3)
        cart = build_cart(items={"PATTERN": 1, "MUG": 1})
        assert cart.total == 450 + 1250 + 395
        order = buy(Buyer(), PATTERN=1, MUG=1)
        assert order.stock_quantities == {"MUG": 1}
        assert stock("MUG") == (2, 0)
        orders.cancel(order_id=order.pk)
        Payment.objects.update(status="refund_due")
        assert stock("MUG") == (3, 0)
        assert ledger.violations() == []

    def test_the_links_come_with_the_payment_on_the_page_and_in_the_letter(
        self, pattern: ProductPage, django_capture_on_commit_callbacks: Capture
    ) -> None:
        buyer = Buyer()
        buyer.add("PATTERN")
        form = buyer.form()
        with django_capture_on_commit_callbacks(execute=True):
            answer = buyer.post("/checkout/", form)
        (shown,) = links(buyer.get(answer.headers["Location"]))
        letter = mail.outbox[0]
        assert links(letter.body) == [shown]
        assert links(str(getattr(letter, "alternatives", [])[0][0])) == [shown]
        assert "Tea cosy, pattern" in letter.body
        assert "Delivery" not in letter.body

    @pytest.mark.parametrize("way", [INVOICE, CONFIRMS])
    def test_nothing_is_given_before_it_is_paid(self, pattern: ProductPage, way: dict[str, str]) -> None:
        buyer = Buyer()
        buyer.add("PATTERN")
        buyer.check_out(**way)
        assert not Download.objects.exists()
        order = Order.objects.get()
        orders.mark_paid(order_id=order.pk)
        assert [download.limit for download in downloads_of(order=order)] == [TIMES_EACH]

    def test_a_bundle_may_contain_a_download(self, pattern: ProductPage) -> None:
        make_product(sku="MUG", price=1250, stock=3)
        make_product(sku="SET", price=1500, stock=0)
        set_components(variant=variant("SET"), quantities={"PATTERN": 1, "MUG": 1})
        assert build_cart(items={"SET": 3}).can_check_out
        order = buy(Buyer(), SET=2)
        assert order.needs_delivery
        assert order.stock_quantities == {"MUG": 2}
        assert [download.limit for download in downloads_of(order=order)] == [2 * TIMES_EACH]
        assert ledger.violations() == []

    def test_files_follow_a_renamed_sku_and_outlive_the_product(self, pattern: ProductPage) -> None:
        order = buy(Buyer(), PATTERN=1)
        save_variants(changes=[(variant("PATTERN"), {"sku": "PATTERN-2"})])
        assert DigitalFile.objects.get().sku == "PATTERN-2"
        ProductPage.objects.get(pk=pattern.pk).delete()
        assert body(Buyer().get(link_of(order))) == WORDS


@pytest.mark.django_db
class TestSelling:
    def test_without_a_file_there_is_nothing_to_download(self, home_page: object) -> None:
        make_product(sku="EMPTY", stock=0)
        with pytest.raises(DigitalError, match="Add the file"):
            set_digital(variant=variant("EMPTY"), digital=True)
        with pytest.raises(DigitalError, match=r"nothing\.pdf is empty"):
            add_file(sku="EMPTY", file=ContentFile(b"", name="nothing.pdf"))

    def test_a_bundle_is_no_download_and_a_download_no_bundle(self, pattern: ProductPage) -> None:
        make_product(sku="MUG", stock=3)
        with pytest.raises(BundleError, match="PATTERN is a download"):
            set_components(variant=variant("PATTERN"), quantities={"MUG": 1})
        make_product(sku="SET", stock=0)
        set_components(variant=variant("SET"), quantities={"MUG": 1})
        add_file(sku="SET", file=ContentFile(WORDS, name="set.pdf"))
        with pytest.raises(DigitalError, match="SET is a bundle"):
            set_digital(variant=variant("SET"), digital=True)

    def test_a_replaced_file_goes_to_new_buyers_only(self, pattern: ProductPage) -> None:
        before = buy(Buyer(), PATTERN=1)
        retire_files(sku="PATTERN", file_ids=[DigitalFile.objects.get().pk])
        add_file(sku="PATTERN", file=ContentFile(b"better", name="tea cosy.pdf"))
        after = buy(Buyer(), PATTERN=1)
        assert body(Buyer().get(link_of(before))) == WORDS
        assert body(Buyer().get(link_of(after))) == b"better"

    @pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 300 + ".pdf", "ä b\\c.pdf", "..", "x\x00y.pdf"])
    def test_no_name_leaves_the_private_folder(self, pattern: ProductPage, name: str, settings: Any) -> None:
        file = ContentFile(WORDS)
        file.name = name
        stored = add_file(sku="PATTERN", file=file)
        assert Path(stored.file.path).resolve().is_relative_to(Path(settings.PRIVATE_ROOT).resolve())
        assert not Path(stored.file.path).is_relative_to(settings.MEDIA_ROOT)
        with pytest.raises(ValueError, match="not accessible"):
            _ = stored.file.url


@pytest.mark.django_db
class TestFetching:
    @pytest.fixture
    def order(self, pattern: ProductPage) -> Order:
        return buy(Buyer(), PATTERN=1)

    def test_a_file_is_saved_not_shown(self, order: Order) -> None:
        answer = Buyer().get(link_of(order), headers={"Accept-Encoding": "gzip"})
        assert body(answer) == WORDS
        assert answer.headers["Content-Disposition"] == 'attachment; filename="tea_cosy.pdf"'
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Length"] == str(len(WORDS))
        assert answer.headers["Content-Encoding"] == "identity"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert "no-store" in answer.headers["Cache-Control"]

    def test_it_is_counted_and_ends(self, order: Order) -> None:
        link = link_of(order)
        for _ in range(TIMES_EACH):
            assert body(Buyer().get(link)) == WORDS
        refused = Buyer().get(link)
        assert refused.status_code == 410
        assert "used up" in refused.content.decode()
        assert Download.objects.get().used == TIMES_EACH

    def test_looking_costs_nothing(self, order: Order) -> None:
        answer = Buyer().head(link_of(order))
        assert (answer.status_code, answer.content, answer.headers["Accept-Ranges"]) == (200, b"", "bytes")
        assert Download.objects.get().used == 0

    @pytest.mark.parametrize(
        ("asked", "status", "expected"),
        [
            ("bytes=0-9", 206, WORDS[:10]),
            ("bytes=10-", 206, WORDS[10:]),
            ("bytes=-5", 206, WORDS[-5:]),
            (f"bytes=5-{10**17}", 206, WORDS[5:]),
            ("bytes=9-5", 200, WORDS),
            ("bytes=0-1,5-6", 200, WORDS),
            ("pages=1-2", 200, WORDS),
            ("bytes=", 200, WORDS),
            (f"bytes={10**40}-", 200, WORDS),
        ],
    )
    def test_parts(self, order: Order, asked: str, status: int, expected: bytes) -> None:
        answer = Buyer().get(link_of(order), headers={"Range": asked})
        assert (answer.status_code, body(answer)) == (status, expected)
        assert answer.headers["Content-Length"] == str(len(expected))

    @pytest.mark.parametrize("asked", [f"bytes={len(WORDS)}-", "bytes=-0"])
    def test_a_part_behind_the_end(self, order: Order, asked: str) -> None:
        answer = Buyer().get(link_of(order), headers={"Range": asked})
        assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(WORDS)}")
        assert Download.objects.get().used == 0

    def test_going_on_after_a_break_is_no_further_download(self, order: Order) -> None:
        link = link_of(order)
        Buyer().get(link)
        for start in (100, 200, 300):
            assert Buyer().get(link, headers={"Range": f"bytes={start}-"}).status_code == 206
        assert Download.objects.get().used == 1
        Download.objects.update(last_used_at=timezone.now() - timedelta(hours=7))
        Buyer().get(link, headers={"Range": "bytes=1-"})
        assert Download.objects.get().used == 2

    def test_it_expires(self, order: Order) -> None:
        link = link_of(order)
        Download.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert "expired" in Buyer().get(link).content.decode()
        assert Buyer().get(link).status_code == 410

    def test_a_cancelled_order_gives_nothing_more(self, order: Order) -> None:
        link = link_of(order)
        Order.objects.update(status=Status.CANCELLED)
        assert Buyer().get(link).status_code == 410

    def test_a_refunded_order_gives_nothing_more(self, order: Order) -> None:
        link, payment = link_of(order), order.payments.get()
        refund(payment_id=payment.pk, amount=payment.amount - 1, key=uuid.uuid4())
        assert Buyer().get(link).status_code == 200, "a part of the money back is a discount"
        refund(payment_id=payment.pk, amount=1, key=uuid.uuid4())
        refused = Buyer().get(link)
        assert (refused.status_code, "was refunded" in refused.content.decode()) == (410, True)
        assert Download.objects.get().used == 1
        assert downloads.views_of(order=order) == []
        assert not downloads.can_renew(order)

    def test_a_lost_file_is_no_fault_of_the_buyer(self, order: Order) -> None:
        link = link_of(order)
        DigitalFile.objects.get().file.delete(save=False)
        assert Buyer().get(link).status_code == 410
        assert Download.objects.get().used == 0

    def test_nothing_can_be_guessed(self, order: Order) -> None:
        link = link_of(order)
        code = Download.objects.get().code
        for wrong in (link[:-2] + "/", f"/orders/download/{code}/", f"/orders/download/{code}.x/", link.upper()):
            assert Buyer().get(wrong).status_code == 404
        for wrong in ("/orders/download/1/", "/orders/download/%F0%9F%A6%86/", f"/orders/download/{'9' * 5000}/"):
            assert Buyer().get(wrong).status_code == 404
        assert Buyer().post(link).status_code == 405

    def test_staff_renew_it(self, order: Order, admin_client: Any, django_capture_on_commit_callbacks: Capture) -> None:
        old = link_of(order)
        Download.objects.update(used=TIMES_EACH, expires_at=timezone.now() - timedelta(days=1))
        page = admin_client.get(f"/admin/order/{order.pk}/")
        assert "Renew the downloads" in page.content.decode()
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            answer = admin_client.post(
                f"/admin/order/{order.pk}/",
                {"action": "renew-downloads", "note": "", "seen_status": order.status},
                follow=True,
            )
        assert "1 download renewed" in answer.content.decode()
        (letter,) = mail.outbox
        assert letter.subject.startswith("Your downloads")
        (new,) = links(letter.body)
        assert new != old
        assert body(Buyer().get(new)) == WORDS
        assert Buyer().get(old).status_code == 404
        download = Download.objects.get()
        assert download.used == 1
        assert download.expires_at > timezone.now() + VALID_FOR - timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_one_by_one(home_page: object, in_threads: Threads) -> None:
    make_download()
    order = buy(Buyer(), PATTERN=1)
    link = link_of(order)
    answers = in_threads(20, lambda number: Buyer().get(link).status_code)
    assert Counter(answers) == {200: TIMES_EACH, 410: 20 - TIMES_EACH}
    assert Download.objects.get().used == TIMES_EACH
