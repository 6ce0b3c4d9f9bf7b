"""Editors make promotions and codes."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from shop.accounts.tests.factories import UserFactory
from shop.catalog.tests.factories import CategoryPageFactory
from shop.promotions.models import Coupon, CouponBatch, Promotion
from shop.promotions.tests.factories import make_promotion

pytestmark = pytest.mark.django_db

LIST = "/admin/snippets/promotions/promotion/"
ADD = f"{LIST}add/"
STREAM = {"applies_to-count": "0", "not_for-count": "0"}


@pytest.fixture
def manager(home_page: object, client: Client) -> Client:
    """Somebody who looks after the shop and is no administrator."""
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name="Shop managers"))
    client.force_login(user)
    return client


def posted(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "percent",
        "title": "Ten off",
        "arguments-percent": "10",
        "match": "any",
        "priority": "0",
        "action-publish": "1",
        **STREAM,
        **changes,
    }


class TestPromotions:
    def test_first_the_kind_is_chosen(self, manager: Client) -> None:
        assert manager.get(ADD).headers["Location"] == "/admin/promotions/new/"
        page = manager.get("/admin/promotions/new/").content.decode()
        assert "Buy 2, get 1 free" in page
        assert f'{ADD}?kind=buy_get"' in page

    @pytest.mark.parametrize("kind", ["percent", "amount", "fixed_price", "buy_get", "bundle_price", "free_delivery"])
    def test_the_form_fits_the_kind(self, manager: Client, kind: str) -> None:
        page = manager.get(f"{ADD}?kind={kind}")
        assert page.status_code == 200
        text = page.content.decode()
        assert f'name="kind" value="{kind}"' in text
        assert ('name="arguments-percent"' in text) == (kind in ("percent", "buy_get"))

    def test_publishing_one(self, manager: Client) -> None:
        answer = manager.post(
            ADD,
            posted(
                **{"arguments-percent": "17.5", "arguments-most": "20"},
                with_code="on",
                starts_at="2026-12-01 00:00:00",
                ends_at="2026-12-24 23:59:30",
                minimum_spend="30.00",
                limit_per_customer="1",
            ),
        )
        assert answer.status_code == 302, answer.context["form"].errors
        promotion = Promotion.objects.get()
        assert promotion.arguments == {"percent": 1750, "most": 2000}
        assert (promotion.kind, promotion.currency, promotion.minimum_spend) == ("percent", "GBP", 3000)
        assert promotion.live
        assert promotion.ends_at
        assert promotion.ends_at.second == 30
        text = manager.get(f"{LIST}edit/{promotion.pk}/").content.decode()
        assert "17.5 % off (at most £20) on everything, from 1 December 2026, 00:00, until 24 December 2026" in text
        assert 'value="17.5"' in text

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"arguments-percent": ""}, "arguments"),
            ({"arguments-percent": "0"}, "arguments"),
            ({"arguments-percent": "101"}, "arguments"),
            ({"arguments-percent": "1e999"}, "arguments"),
            ({"arguments-percent": "1.001"}, "arguments"),
            ({"arguments-most": "-1"}, "arguments"),
            ({"arguments-most": "9" * 30}, "arguments"),
            ({"kind": "nonsense"}, "kind"),
            ({"minimum_spend": "-1"}, "minimum_spend"),
            ({"minimum_spend": "1.001"}, "minimum_spend"),
            ({"limit_total": "0"}, "limit_total"),
            ({"limit_total": str(2**63)}, "limit_total"),
            ({"starts_at": "2026-12-02 00:00", "ends_at": "2026-12-01 00:00"}, "ends_at"),
            ({"groups": ["x"]}, "groups"),
        ],
    )
    def test_what_makes_no_sense(self, manager: Client, changes: dict[str, Any], field: str) -> None:
        answer = manager.post(ADD, posted(**changes))
        assert answer.status_code == 200
        assert field in answer.context["form"].errors
        assert not Promotion.objects.exists()

    def test_a_draft_may_lack_what_it_needs_and_does_nothing(self, manager: Client) -> None:
        data = posted(**{"arguments-percent": ""})
        del data["action-publish"]
        assert manager.post(ADD, data).status_code == 302
        promotion = Promotion.objects.get()
        assert (promotion.live, promotion.arguments, promotion.is_complete) == (False, {}, False)
        assert manager.get(f"{LIST}edit/{promotion.pk}/").status_code == 200
        assert manager.get(LIST).status_code == 200

    def test_a_draft_has_a_name_at_least(self, manager: Client) -> None:
        data = posted(title=" ")
        del data["action-publish"]
        answer = manager.post(ADD, data)
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["title"])
        assert not Promotion.objects.exists()

    def test_products_and_groups(self, manager: Client) -> None:
        category = CategoryPageFactory(title="Kitchen")
        group = Group.objects.create(name="Friends")
        data = posted(
            groups=[str(group.pk)],
            exclusive="on",
            **{
                "applies_to-count": "2",
                "applies_to-0-type": "categories",
                "applies_to-0-order": "0",
                "applies_to-0-deleted": "",
                "applies_to-0-id": "",
                "applies_to-0-value-count": "1",
                "applies_to-0-value-0-value": str(category.pk),
                "applies_to-0-value-0-order": "0",
                "applies_to-0-value-0-deleted": "",
                "applies_to-0-value-0-id": "",
                "applies_to-1-type": "skus",
                "applies_to-1-order": "1",
                "applies_to-1-deleted": "",
                "applies_to-1-id": "",
                "applies_to-1-value": "MUG, POT\nMUG",
            },
        )
        answer = manager.post(ADD, data)
        assert answer.status_code == 302, answer.context["form"].errors
        promotion = Promotion.objects.get()
        assert promotion.groups == [group.pk]
        text = manager.get(f"{LIST}edit/{promotion.pk}/").content.decode()
        assert "10 % off everything in Kitchen or with the SKU MUG or POT." in text
        assert "For customers whose account is in Friends." in text
        assert "Not together with other offers on products: the buyer gets what saves most." in text

    def test_drafts_history_and_comparison(self, manager: Client) -> None:
        manager.post(ADD, posted())
        promotion = Promotion.objects.get()
        edit = f"{LIST}edit/{promotion.pk}/"
        changed = posted(**{"arguments-percent": "20"})
        del changed["action-publish"]
        assert manager.post(edit, changed).status_code == 302
        promotion.refresh_from_db()
        assert (promotion.arguments, promotion.has_unpublished_changes) == ({"percent": 1000}, True)
        first, second = promotion.revisions.order_by("pk")
        text = manager.get(f"{LIST}history/{promotion.pk}/revisions/compare/{first.pk}...{second.pk}/").content.decode()
        assert "20 % off" in text
        assert manager.get(f"{LIST}history/{promotion.pk}/").status_code == 200
        assert manager.get(f"{LIST}history/{promotion.pk}/revisions/{first.pk}/revert/").status_code == 200

    def test_the_preview_explains(self, manager: Client) -> None:
        promotion = make_promotion(kind="free_delivery", title="Free delivery")
        typed = posted(kind="free_delivery", title="Free delivery", minimum_spend="30", **{"arguments-most": ""})
        assert manager.post(f"{LIST}preview/{promotion.pk}/", typed).json()["is_valid"]
        page = manager.get(f"{LIST}preview/{promotion.pk}/")
        assert page.status_code == 200
        assert "Free delivery, for orders of £30 or more." in page.content.decode()

    def test_what_was_given_out_is_not_deleted(self, manager: Client) -> None:
        promotion = make_promotion(code="TEN")
        manager.post(f"{LIST}delete/{promotion.pk}/")
        assert Promotion.objects.exists()
        Coupon.objects.all().delete()
        manager.post(f"{LIST}delete/{promotion.pk}/")
        assert not Promotion.objects.exists()

    def test_a_kind_that_is_gone(self, manager: Client) -> None:
        promotion = make_promotion(kind="gone")
        assert manager.get(LIST).status_code == 200
        page = manager.get(f"{LIST}edit/{promotion.pk}/")
        assert page.status_code == 200
        assert "This kind of promotion is not known here" in page.content.decode()


class TestCodes:
    def test_one(self, manager: Client) -> None:
        promotion = make_promotion()
        Promotion.objects.update(with_code=True)
        data = {"promotion": promotion.pk, "code": "welcome-10", "max_uses": "", "active": "on"}
        answer = manager.post(reverse("promotions_coupons:add"), data)
        assert answer.status_code == 302, answer.context["form"].errors
        assert Coupon.objects.get().code == "WELCOME10"
        again = manager.post(reverse("promotions_coupons:add"), data)
        assert again.context["form"].errors == {"code": ["This code exists already."]}

    @pytest.mark.parametrize("code", ["", "--", "ab", "x" * 41, "\ufffd" * 5, "💥💥💥"])
    def test_codes_that_nobody_could_type(self, manager: Client, code: str) -> None:
        promotion = make_promotion()
        Promotion.objects.update(with_code=True)
        data = {"promotion": promotion.pk, "code": code, "active": "on"}
        answer = manager.post(reverse("promotions_coupons:add"), data)
        assert (answer.status_code, list(Coupon.objects.values_list("code", flat=True))) == (200, [])

    def test_many_at_once_and_out_as_a_file(self, manager: Client) -> None:
        promotion = make_promotion(code="KEPT")
        url = reverse("promotions_bulk", args=[promotion.pk])
        assert manager.get(url).status_code == 200
        answer = manager.post(url, {"title": "News", "count": "250", "begins": "aut-", "length": "12", "max_uses": "1"})
        batch = CouponBatch.objects.get()
        assert answer.headers["Location"] == f"/admin/promotions_coupons/?promotion={promotion.pk}&batch={batch.pk}"
        codes = set(batch.coupons.values_list("code", flat=True))
        assert len(codes) == 250
        assert all(code.startswith("AUT") and len(code) == 15 for code in codes)
        assert "250 codes made." in manager.get(answer.headers["Location"]).content.decode()
        file: Any = manager.get(f"{answer.headers['Location']}&export=csv")
        rows = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode())))
        assert {row["Code"] for row in rows} == codes
        assert rows[0]["At most"] == "1"

    @pytest.mark.parametrize("changes", [{"count": "0"}, {"count": "10001"}, {"length": "3"}, {"title": ""}])
    def test_many_that_make_no_sense(self, manager: Client, changes: dict[str, str]) -> None:
        promotion = make_promotion(code="KEPT")
        data = {"title": "News", "count": "5", "begins": "", "length": "12", "max_uses": "1", **changes}
        assert manager.post(reverse("promotions_bulk", args=[promotion.pk]), data).status_code == 422
        assert Coupon.objects.count() == 1

    @pytest.mark.parametrize("query", ["kept", "ke-pt", "Ten off", "%00", "9" * 30])
    def test_finding_one(self, manager: Client, query: str) -> None:
        make_promotion(code="KEPT")
        page = manager.get(reverse("promotions_coupons:index"), {"q": query})
        assert page.status_code == 200
        assert (">KEPT<" in "".join(page.content.decode().split())) == (query in ("kept", "ke-pt", "Ten off"))

    def test_only_for_those_who_may(self, home_page: object, client: Client) -> None:
        user = UserFactory(is_staff=True)
        user.groups.add(Group.objects.get(name="Editors"))
        client.force_login(user)
        promotion = make_promotion(code="KEPT")
        for url in (LIST, "/admin/promotions/new/", reverse("promotions_bulk", args=[promotion.pk])):
            assert client.get(url).status_code == 302
        assert client.get(reverse("promotions_coupons:index")).status_code == 302
