"""Making bundles and downloads in the admin."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shop.accounts.tests.factories import UserFactory
from shop.catalog.bundles import parts_of
from shop.catalog.models import DigitalFile, ProductPage, Variant
from tests.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def gift(home_page: object) -> ProductPage:
    make_product(title="Mug", sku="MUG")
    make_product(title="Plate", sku="PLATE")
    return make_product(title="Gift", sku="GIFT", stock=0)


def url(product: ProductPage) -> str:
    return f"/admin/catalog/products/{product.pk}/contents/"


def form(*rows: tuple[str, Any], **more: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"form-TOTAL_FORMS": "4", "form-INITIAL_FORMS": "0", "title": "", **more}
    for number in range(4):
        sku, quantity = rows[number] if number < len(rows) else ("", "")
        data |= {f"form-{number}-sku": sku, f"form-{number}-quantity": quantity}
    return data


def parts() -> dict[str, int]:
    variant = Variant.objects.get(sku="GIFT")
    return {part.sku: part.quantity for part in parts_of([variant.pk]).get(variant.pk, ())}


def pdf(content: bytes = b"%PDF") -> SimpleUploadedFile:
    return SimpleUploadedFile("pattern.pdf", content, content_type="application/pdf")


def test_a_bundle_is_put_together_and_taken_apart(gift: ProductPage, admin_client: Client) -> None:
    assert admin_client.post(url(gift), form(("MUG", 2), ("PLATE", ""))).status_code == 302
    assert parts() == {"MUG": 2, "PLATE": 1}
    assert 'value="MUG"' in admin_client.get(url(gift)).content.decode()
    editor = admin_client.get(f"/admin/pages/{gift.pk}/edit/").content.decode()
    assert "is a bundle of 2 × Mug, 1 × Plate" in editor
    admin_client.post(url(gift), form())
    assert parts() == {}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("NOTHING", 1)], "There is no SKU NOTHING."),
        ([("MUG", 1), ("MUG", 2)], "MUG is named twice"),
        ([("GIFT", 1)], "A bundle cannot contain itself."),
        ([("MUG", 0)], "greater than or equal to 1"),
        ([("MUG", 10**31)], "less than or equal to 99"),
        ([("MUG", "many")], "Enter a whole number."),
        ([("M" * 65, 1)], "at most 64 characters"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(
    gift: ProductPage, admin_client: Client, rows: list[tuple[str, Any]], message: str
) -> None:
    answer = admin_client.post(url(gift), form(*rows))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert parts() == {}


@pytest.mark.parametrize("data", [{}, {"form-TOTAL_FORMS": "-1"}, {"form-TOTAL_FORMS": "9" * 40, "retired": "x"}])
def test_rubbish_is_refused(gift: ProductPage, admin_client: Client, data: dict[str, str]) -> None:
    assert admin_client.post(url(gift), data).status_code == 422


def test_a_download_is_made_with_its_file_in_one_go(gift: ProductPage, admin_client: Client) -> None:
    assert admin_client.post(url(gift), form(digital="on", file=pdf(), title="Pattern")).status_code == 302
    assert Variant.objects.get(sku="GIFT").digital
    file = DigitalFile.objects.get()
    assert (file.title, file.name, file.size, file.file.read()) == ("Pattern", "pattern.pdf", 4, b"%PDF")
    answer: Any = admin_client.get(f"/admin/catalog/products/{gift.pk}/files/{file.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF"
    answer = admin_client.post(url(gift), form(digital="on", retired=str(file.pk)))
    assert "Add the file that buyers download first." in answer.content.decode()
    assert DigitalFile.objects.filter(current=True).count() == 1


def test_a_download_without_a_file_is_refused(gift: ProductPage, admin_client: Client) -> None:
    assert "Add the file" in admin_client.post(url(gift), form(digital="on")).content.decode()
    answer = admin_client.post(url(gift), form(digital="on", file=pdf(b"")))
    assert "pattern.pdf is empty." in answer.content.decode()
    assert not Variant.objects.get(sku="GIFT").digital


def test_a_bundle_cannot_be_a_download_as_well(gift: ProductPage, admin_client: Client) -> None:
    answer = admin_client.post(url(gift), form(("MUG", 1), digital="on", file=pdf()))
    assert answer.status_code == 422
    assert "GIFT is a bundle" in answer.content.decode()
    assert not DigitalFile.objects.exists()


def test_only_who_may_edit_the_product(gift: ProductPage) -> None:
    stock_keeper = UserFactory()
    stock_keeper.groups.add(Group.objects.get(name="Shop managers"))
    client = Client()
    client.force_login(stock_keeper)
    assert client.get(url(gift)).status_code in (302, 403)
    assert client.post(url(gift), form(("MUG", 1))).status_code in (302, 403)
    assert parts() == {}
    assert Client().get(url(gift)).status_code == 302


def test_addresses_that_are_none(gift: ProductPage, admin_client: Client) -> None:
    assert admin_client.get(f"/admin/catalog/products/{10**31}/contents/").status_code == 404
    assert admin_client.get(f"/admin/catalog/products/{gift.pk}/files/{10**31}/").status_code == 404
    assert admin_client.get(f"{url(gift)}?sku=NOTHING").status_code == 200
