"""Invoices, credit notes, slips: numbered without gaps, exact in their sums, and made of nothing but our own files."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFile

from shop.orders import fulfilment, services
from shop.orders.documents import checks, content, numbering, pdf
from shop.orders.documents.content import RateRow, rates_of
from shop.orders.drafts import ComponentDraft, DeliveryDraft, LineDraft
from shop.orders.links import invoice_path, order_path
from shop.orders.models import Document, DocumentSeries, DocumentSettings, Order, OrderTax
from shop.orders.tests.factories import broken_rules, make_line, make_order, paid_order
from shop.orders.views import OF_ORDER

pytestmark = pytest.mark.django_db
needs_pango = pytest.mark.skipif(pdf.problem() is not None, reason=f"PDF needs {pdf.PACKAGES}")


@pytest.fixture(autouse=True)
def _site(home_page: object) -> None:
    pass


class TestNumbers:
    def test_one_after_the_other(self) -> None:
        orders = [paid_order() for _ in range(3)]
        assert [order.documents.get().number for order in orders] == ["INV-000001", "INV-000002", "INV-000003"]
        assert [order.documents.get().amount for order in orders] == [1645] * 3
        assert broken_rules() == []

    def test_unpaid_orders_have_none(self) -> None:
        services.cancel(order_id=make_order().pk)
        assert Document.objects.count() == 0
        assert broken_rules() == []

    def test_a_payment_that_is_rolled_back_leaves_no_gap(self) -> None:
        from django.db import transaction

        order = make_order()
        with transaction.atomic():
            services.mark_paid(order_id=order.pk)
            transaction.set_rollback(True)
        assert not DocumentSeries.objects.filter(last__gt=0).exists()
        assert paid_order().documents.get().number == "INV-000001"
        assert broken_rules() == []

    def test_the_series_begins_where_the_shop_says(self, home_page: Any) -> None:
        site = home_page.get_site()
        DocumentSettings.objects.create(site=site, invoice_prefix="IR/", first_number=4711)
        assert [paid_order().documents.get().number for _ in range(2)] == ["IR/004711", "IR/004712"]
        assert broken_rules() == []

    def test_asked_twice_it_is_the_same(self) -> None:
        order = paid_order()
        assert numbering.issue_invoice(order=order) == order.documents.get()

    def test_credit_notes_are_at_most_the_invoice(self) -> None:
        order = paid_order()
        first = numbering.credit(order=order, key="1", amount=1000, reason="Broken")
        assert first is not None
        assert (first.number, first.amount, first.reason) == ("CN-000001", 1000, "Broken")
        assert numbering.credit(order=order, key="1", amount=1000) == first
        assert numbering.credit(order=order, key="2", amount=646) is None
        assert numbering.credit(order=order, key="3", amount=0) is None
        last = numbering.credit(order=order, key="4", amount=645)
        assert last is not None
        assert last.number == "CN-000002"

    def test_without_an_invoice_there_is_nothing_to_credit(self) -> None:
        assert numbering.credit(order=make_order(), key="1", amount=1) is None

    def test_kinds_must_differ(self) -> None:
        with pytest.raises(ValidationError, match="cannot both begin"):
            DocumentSettings(invoice_prefix="A-", credit_note_prefix="A-").clean()


class TestSums:
    def test_by_rate_from_the_orders_rows(self) -> None:
        order = paid_order(make_line("MUG", quantity=2))
        assert rates_of(order) == [RateRow(2000, 2412, 483)]
        assert sum(row.gross for row in rates_of(order)) == order.total

    @given(amount=st.integers(1, 2895), share=st.integers(0, 2895))
    def test_parts_add_up(self, amount: int, share: int) -> None:
        """However an order divides between rates, a credit note's rows come to its amount exactly."""
        order: Any = Order(pk=1, total=2895)
        rows = [OrderTax(rate=2000, net=share - share // 6, tax=share // 6), OrderTax(rate=0, net=2895 - share, tax=0)]
        order._prefetched_objects_cache = {"taxes": rows}
        parts = rates_of(order, amount)
        assert sum(part.gross for part in parts) == amount
        assert all(part.net >= 0 and part.tax >= 0 for part in parts)


class TestContent:
    def test_invoice(self) -> None:
        order = paid_order(make_line("MUG", quantity=2, title="Mug & <b>saucer"), tax_registration="GB123")
        html = content.render_invoice(order.documents.get())
        for words in ("INV-000001", order.number, "Mug &amp; &lt;b&gt;saucer", "£25.00", "£28.95", "£4.83", "20%"):
            assert words in html, words
        for words in ("GB123", "1 Quay Street", "IP4 1AA", "United Kingdom", "Cornhill"):
            assert words in html, words

    def test_the_amounts_of_a_business_abroad_are_without_tax_and_add_up(self) -> None:
        mug = LineDraft("MUG", "Mug", "", 1200, 2, tax_rate=0, tax=0, discount=240, tax_adjustment=-360)
        order = paid_order(mug, delivery=DeliveryDraft("By post", 1000, 0, 0), tax_note="No VAT is charged: export.")
        page = BeautifulSoup(content.render_invoice(order.documents.get()), "html.parser")
        amounts = [cell.get_text() for cell in page.select(".rows tbody td:last-child")]
        assert amounts == ["£18.00", "£10.00"]
        (total,) = (each.dd.get_text() for each in page.select(".totals__sum") if each.dd)
        assert total == "£28.00"
        words = " ".join(page.get_text(" ").split())
        assert "Discount −£2.40 VAT not charged −£3.60" in words
        assert "No VAT is charged: export." in words

    def test_the_seller_stays_as_it_was(self) -> None:
        document = paid_order().documents.get()
        document.seller = {**document.seller, "name": "The Old Name Ltd"}
        document.save()
        assert "The Old Name Ltd" in content.render_invoice(document)

    def test_credit_note(self) -> None:
        order = paid_order()
        note = numbering.credit(order=order, key="1", amount=600, reason="Arrived damaged")
        assert note is not None
        html = content.render_invoice(note)
        for words in ("Credit note", "CN-000001", "INV-000001", "£6.00", "£1.00", "£5.00", "Arrived damaged"):
            assert words in html, words

    def test_a_slip_says_where_the_order_is_collected(self) -> None:
        order = paid_order()
        assert "Collected at" not in content.render_slips([order])
        order.collection_place = "Tavern Street\n9 to 5"
        assert "<dt>Collected at</dt><dd>Tavern Street<br>9 to 5</dd>" in content.render_slips([order])

    def test_slips_say_what_is_left(self) -> None:
        parts = (ComponentDraft("PLATE", "Plate", "", 2), ComponentDraft("FILE", "File", "", 1, digital=True))
        make_order(make_line("PLATE"))
        order = paid_order(
            make_line("MUG", quantity=3), make_line("SET", quantity=2, components=parts), make_line("PDF", digital=True)
        )
        mug = order.lines.get(sku="MUG")
        shipment = fulfilment.send(order_id=order.pk, quantities={mug.pk: 2})
        rows = [(row.line.sku, row.quantity, [(n, p.sku) for n, p in row.parts]) for row in content.slip_rows(order)]
        assert rows == [("MUG", 1, []), ("SET", 2, [(4, "PLATE")])]
        assert [(row.line.sku, row.quantity) for row in content.slip_rows(order, shipment)] == [("MUG", 2)]
        html = content.render_slips([order, paid_order(make_line("BOWL"))])
        assert html.count('<article class="paper">') == 2
        assert "£" not in html  # a present is packed without its price


class TestPdf:
    @needs_pango
    def test_it_is_one(self) -> None:
        made = pdf.render_pdf(content.render_invoice(paid_order().documents.get()))
        assert made.startswith(b"%PDF-")
        assert len(made) > 5_000

    def test_our_own_files(self) -> None:
        assert b"@page" in pdf.own_file("https://documents.invalid/static/orders/documents.css")

    @pytest.mark.parametrize(
        "url",
        [
            "https://example.com/x.png",
            "http://documents.invalid/static/orders/documents.css",
            "file:///etc/passwd",
            "https://documents.invalid/etc/passwd",
            "https://documents.invalid/static/../../etc/passwd",
            "https://documents.invalid/static/%2e%2e/%2e%2e/etc/passwd",
            "https://documents.invalid/media/../db.sqlite3",
            "https://documents.invalid/media/%00",
            "https://documents.invalid/static/nothing.css",
            "https://documents.invalid@example.com/static/x",
            "data:text/plain,x",
            "",
        ],
    )
    def test_nothing_else(self, url: str) -> None:
        with pytest.raises(ValueError, match=r"fetch|no file"):
            pdf.own_file(url)

    def test_without_pango_a_page_is_offered_and_the_check_says_so(
        self, monkeypatch: pytest.MonkeyPatch, client: Client
    ) -> None:
        assert (pdf.problem() is None) == (checks.pdf_is_possible(None) == [])
        monkeypatch.setattr(pdf, "problem", lambda: "cannot load library 'libpango-1.0-0'")
        [warning] = checks.pdf_is_possible(None)
        assert warning.id == "orders.W001"
        assert "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in str(warning.hint)
        answer = client.get(invoice_path(order=paid_order()))
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert "INV-000001" in answer.content.decode()
        with pytest.raises(pdf.PdfUnavailable, match="libpango"):
            pdf.render_pdf("<p>")


def test_making_papers_does_not_let_half_a_picture_pass() -> None:
    pdf.problem.cache_clear()
    pdf.problem()
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


class TestBuyer:
    def test_the_page_leads_to_the_papers(self, client: Client) -> None:
        order = paid_order()
        note = numbering.credit(order=order, key="1", amount=600)
        assert note is not None
        page = client.get(order_path(order=order)).content.decode()
        assert "Invoice INV-000001" in page
        assert "Credit note CN-000001" in page
        answer = client.get(invoice_path(order=order), {"as": "page"})
        assert answer.status_code == 200
        assert "INV-000001" in answer.content.decode()
        assert answer.headers["X-Robots-Tag"].startswith("noindex")
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        address = invoice_path(order=order).replace("/invoice/", f"/credit-notes/{note.pk}/")
        assert "CN-000001" in client.get(address, {"as": "page"}).content.decode()

    def test_papers_cannot_be_made_without_end(self, client: Client) -> None:
        order = paid_order()
        address = invoice_path(order=order)
        assert [client.get(address, {"as": "page"}).status_code for _ in range(OF_ORDER.tries)] == [
            200
        ] * OF_ORDER.tries
        refused = client.get(address)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "360")
        assert client.get(invoice_path(order=paid_order()), {"as": "page"}).status_code == 200, "another order’s"
        assert client.get(order_path(order=order)).status_code == 200, "the order’s page costs little"

    def test_of_others_nothing(self, client: Client) -> None:
        order, other = paid_order(), paid_order()
        note = numbering.credit(order=other, key="1", amount=600)
        assert note is not None
        address = invoice_path(order=order)
        assert client.get(address.replace("/invoice/", f"/credit-notes/{note.pk}/")).status_code == 404
        assert client.get(address.replace("/invoice/", f"/credit-notes/{2**64}/")).status_code == 404
        assert client.get(address.replace(order.number, other.number)).status_code == 404
        assert client.get(invoice_path(order=make_order())).status_code == 404

    def test_parcels_and_returns(self, client: Client) -> None:
        order = paid_order(make_line("MUG", quantity=2))
        sent = fulfilment.send(
            order_id=order.pk, parcel=fulfilment.Parcel("DPD", "77"), quantities={order.lines.get().pk: 1}
        )
        assert sent is not None
        type(sent).objects.update(tracking_url="https://dpd.example/77")
        page = client.get(order_path(order=order)).content.decode()
        assert "1 × Product MUG" in page
        assert 'href="https://dpd.example/77"' in page
