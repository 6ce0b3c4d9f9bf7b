"""Imports in the admin, as a shop manager uses them."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shop.accounts.models import User
from shop.catalog.models import ProductPage, Variant
from shop.imports.models import ImportRun
from shop.imports.tests.factories import csv_text, lamp, numbered
from shop.pricing.models import PriceProposal, PriceThreshold
from shop.pricing.selectors import current_quotes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]
INDEX = "/admin/imports/"


@pytest.fixture
def manager(client: Client) -> Client:
    """A shop manager, logged in."""
    user = User.objects.create_user(email="manager@example.org", password="long enough to do")
    group = Group.objects.get(name="Shop managers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    client.force_login(user)
    return client


@pytest.fixture
def upload(manager: Client, django_capture_on_commit_callbacks: Any) -> Any:
    def _upload(rows: Any, *, name: str = "lamps.csv", **fields: Any) -> Any:
        data = rows if isinstance(rows, bytes) else csv_text(rows).encode()
        with django_capture_on_commit_callbacks(execute=True):
            response = manager.post(INDEX, {"file": SimpleUploadedFile(name, data), "publish": "yes", **fields})
        # What is done in the background is done by now.
        return manager.get(response["Location"]) if response.status_code == 302 else response

    return _upload


@pytest.fixture
def press(manager: Client, django_capture_on_commit_callbacks: Any) -> Any:
    def _press(run: ImportRun, action: str, **fields: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            response = manager.post(reverse("imports_run", args=[run.pk]), {"action": action, **fields})
        run.refresh_from_db()
        return manager.get(response["Location"])

    return _press


class TestTheWholeWay:
    def test_upload_look_choose_apply_roll_back(self, upload: Any, press: Any) -> None:
        page = upload(numbered(3)).content.decode()
        run = ImportRun.objects.get()
        assert (run.state, ProductPage.objects.count()) == ("review", 0)
        assert "Apply 3 accepted" in page
        assert "£49.50" in page
        ids = list(run.rows.values_list("pk", flat=True))
        page = press(run, "save", shown=ids, accepted=ids[:2]).content.decode()
        assert "Apply 2 accepted" in page
        page = press(run, "apply", shown=ids, accepted=ids[1:]).content.decode()
        assert run.state == "applied"
        assert set(ProductPage.objects.values_list("slug", flat=True)) == {"lamp-1", "lamp-2"}
        assert "Roll back" in page
        press(run, "undo")
        assert (run.state, ProductPage.objects.count()) == ("undone", 0)

    def test_accepting_everything_of_a_filter(self, upload: Any, press: Any) -> None:
        upload(numbered(12))
        run = ImportRun.objects.get()
        assert "11 products are left out" not in press(run, "leave_out").content.decode()
        assert run.rows.filter(accepted=True).count() == 0
        press(run, "accept", q="Lamp 1")
        assert set(run.rows.filter(accepted=True).values_list("key", flat=True)) == {"lamp-1", "lamp-10", "lamp-11"}

    def test_cancel_and_compare_again(self, upload: Any, press: Any) -> None:
        upload(numbered(1))
        run = ImportRun.objects.get()
        press(run, "stop")
        assert run.state == "cancelled"
        press(run, "apply")
        assert ProductPage.objects.count() == 0
        press(run, "compare")
        assert run.state == "review"

    def test_every_difference_is_shown_in_words(self, upload: Any, press: Any) -> None:
        upload([lamp()])
        press(ImportRun.objects.get(), "apply")
        page = upload(
            [lamp(Title="<script>x", **{"Variant Price": "40", "Variant Inventory Qty": "-3"})]
        ).content.decode()
        for words in ("<del>Harbour Lamp</del>", "<ins>&lt;script&gt;x</ins>", "<del>£49.50 (was £60.00)</del>"):
            assert words in page
        assert "the quantity is below 0; 0 was taken" in page

    def test_who_did_it_is_in_the_history(self, upload: Any, press: Any) -> None:
        from wagtail.models import PageLogEntry

        upload(numbered(1))
        press(ImportRun.objects.get(), "apply")
        entry = PageLogEntry.objects.get(action="imports.create")
        assert (entry.user and entry.user.email, entry.data) == (
            "manager@example.org",
            {"source": "Import of lamps.csv"},
        )


class TestTheForm:
    @pytest.mark.parametrize(
        ("name", "data", "message"),
        [
            ("virus.exe", b"x", "Choose a CSV file"),
            ("empty.csv", b"", "The submitted file is empty."),
        ],
    )
    def test_refuses_what_it_cannot_take(self, upload: Any, name: str, data: bytes, message: str) -> None:
        assert message in upload(data, name=name).content.decode()
        assert not ImportRun.objects.exists()

    def test_refuses_a_broken_archive(self, upload: Any) -> None:
        response = upload(numbered(1), archive=SimpleUploadedFile("p.zip", b"PK nonsense"))
        assert "not a ZIP file" in response.content.decode()

    @pytest.mark.parametrize("name", ["../../etc/passwd.csv", "ünï © 💡.csv", "x" * 300 + ".csv"])
    def test_takes_any_name(self, upload: Any, name: str) -> None:
        upload(numbered(1), name=name)
        run = ImportRun.objects.get()
        assert run.state == "review"
        assert str(run.file.name).startswith("imports/")
        assert ".." not in str(run.file.name)

    def test_files_are_not_served(self, upload: Any, client: Client) -> None:
        upload(numbered(1))
        assert client.get(f"/media/{ImportRun.objects.get().file.name}").status_code == 404

    def test_an_unreadable_file_says_so_on_its_page(self, upload: Any) -> None:
        assert "lamps.csv is not a CSV file but a PDF." in upload(b"%PDF-1.4").content.decode()


class TestPricesAboveTheLimit:
    """A shop manager who may change prices by up to 10 % alone."""

    @pytest.fixture
    def run(self, upload: Any, press: Any) -> ImportRun:
        upload([*numbered(3)])
        press(ImportRun.objects.get(), "apply")
        PriceThreshold.objects.create(group=Group.objects.get(name="Shop managers"), percent=10)
        rows = numbered(3)
        # 2 % more, 41 % less, 21 % more and another title.
        for row, price in zip(rows, ("50.50", "29.00", "60.00"), strict=True):
            row["Variant Price"], row["Variant Compare At Price"] = price, ""
        rows[2]["Title"] = "Quay lamp"
        upload(rows)
        return ImportRun.objects.latest("pk")

    def test_they_become_a_proposal(self, run: ImportRun, press: Any, manager: Client) -> None:
        page = manager.get(reverse("imports_run", args=[run.pk])).content.decode()
        assert page.count("the price changes by more than you may alone; it goes into a price proposal") == 2
        page = press(run, "apply").content.decode()
        assert prices() == {"LAMP-0": 5050, "LAMP-1": 4950, "LAMP-2": 4950}
        assert ProductPage.objects.filter(title="Quay lamp").exists()
        proposal = PriceProposal.objects.get()
        assert (proposal.title, proposal.created_by, proposal.applied_at) == (
            "Import of lamps.csv",
            run.applied_by,
            None,
        )
        assert list(proposal.lines.values_list("sku", "old_amount", "amount", "state")) == [
            ("LAMP-1", 4950, 2900, "waiting"),
            ("LAMP-2", 4950, 6000, "waiting"),
        ]
        assert reverse("wagtailsnippets_pricing_priceproposal:edit", args=[proposal.pk]) in page
        assert {change["field"] for change in run.rows.get(key="lamp-2").changes} == {"title"}

    def test_the_same_file_does_not_propose_them_again(self, run: ImportRun, press: Any, upload: Any) -> None:
        press(run, "apply")
        rows = numbered(3)
        for row, price in zip(rows, ("50.50", "29.00", "60.00"), strict=True):
            row["Variant Price"], row["Variant Compare At Price"] = price, ""
        rows[2]["Title"] = "Quay lamp"
        upload(rows)
        assert set(ImportRun.objects.latest("pk").rows.values_list("outcome", flat=True)) == {"unchanged"}

    def test_who_may_not_propose_is_told_row_by_row(self, run: ImportRun, press: Any, upload: Any) -> None:
        Group.objects.get(name="Shop managers").permissions.remove(Permission.objects.get(codename="add_priceproposal"))
        press(run, "apply")
        assert prices() == {"LAMP-0": 5050, "LAMP-1": 4950, "LAMP-2": 4950}
        assert not PriceProposal.objects.exists()
        reasons = dict(run.rows.values_list("key", "reason"))
        assert reasons["lamp-0"] == ""
        assert reasons["lamp-1"].startswith("LAMP-1: the price changes by more than you may alone and is left as it is")
        # The next import finds them again.
        rows = numbered(3, **{"Variant Price": "29.00", "Variant Compare At Price": ""})
        upload(rows[1:2])
        [again] = ImportRun.objects.latest("pk").rows.all()
        assert [change["field"] for change in again.changes] == ["price"]

    def test_rolling_back_leaves_what_was_not_written(self, run: ImportRun, press: Any) -> None:
        press(run, "apply")
        press(run, "undo")
        assert prices() == {"LAMP-0": 4950, "LAMP-1": 4950, "LAMP-2": 4950}
        assert set(run.rows.values_list("state", flat=True)) == {"undone"}

    def test_administrators_have_no_limit(self, run: ImportRun, press: Any) -> None:
        User.objects.update(is_superuser=True)
        press(run, "apply")
        assert prices() == {"LAMP-0": 5050, "LAMP-1": 2900, "LAMP-2": 6000}
        assert not PriceProposal.objects.exists()


def prices() -> dict[str, int]:
    variants = dict(Variant.objects.values_list("pk", "sku"))
    return {variants[pk]: quote.amount for pk, quote in current_quotes(list(variants)).items()}


class TestAccess:
    def test_editors_do_not_see_it(self, client: Client) -> None:
        user = User.objects.create_user(email="editor@example.org", password="long enough to do")
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(user)
        run = ImportRun.objects.create(file_name="x")
        for address in (
            INDEX,
            f"{INDEX}{run.pk}/",
            f"{INDEX}{run.pk}/progress/",
            f"{INDEX}{run.pk}/report/",
            f"{INDEX}export/",
        ):
            assert client.get(address).status_code in (302, 403), address
            assert b"imports__" not in client.get(address, follow=True).content
        assert client.post(f"{INDEX}{run.pk}/", {"action": "apply"}).status_code in (302, 403)

    def test_applying_needs_the_right_to_change_prices_and_stock(self, upload: Any, press: Any) -> None:
        upload(numbered(1))
        run = ImportRun.objects.get()
        Group.objects.get(name="Shop managers").permissions.remove(
            *Permission.objects.filter(codename__in=["add_price", "add_stockmovement"])
        )
        said = "Files carry prices and stock, and you may not change prices or change stock."
        for action, state in (("apply", "review"), ("undo", "applied")):
            ImportRun.objects.update(state=state)
            run.refresh_from_db()
            assert said in press(run, action).content.decode()
            assert (run.state, ProductPage.objects.count()) == (state, 0)

    def test_looking_is_not_applying(self, client: Client) -> None:
        user = User.objects.create_user(email="viewer@example.org", password="long enough to do")
        for name in ("access_admin", "view_importrun"):
            user.user_permissions.add(Permission.objects.get(codename=name))
        client.force_login(user)
        run = ImportRun.objects.create(file_name="x", state="review")
        assert client.get(f"{INDEX}{run.pk}/").status_code == 200
        client.post(f"{INDEX}{run.pk}/", {"action": "stop"})
        client.post(INDEX, {"file": SimpleUploadedFile("a.csv", b"x")})
        run.refresh_from_db()
        assert (run.state, ImportRun.objects.count()) == ("review", 1)


@pytest.mark.parametrize(
    "query",
    ["show=%00", "show=nothing", "q=%00%FF", "p=0", "p=-1", "p=99999999999999999999", "p=x", "q=" + "x" * 5000],
)
def test_no_address_gives_an_error(manager: Client, query: str) -> None:
    run = ImportRun.objects.create(file_name="x", state="review")
    for address in (f"{INDEX}{run.pk}/", INDEX):
        # The site refuses NUL characters in any address.
        assert manager.get(f"{address}?{query}").status_code == (400 if "%00" in query else 200)
    assert manager.get(f"{INDEX}export/?format={query}&category={10**31}").status_code in (200, 400)


@pytest.mark.parametrize("field", ["shown", "accepted", "action", "show", "q", "p"])
@pytest.mark.parametrize("value", ["\0", "1" * 40, "-1", "x" * 3000, "é"])
def test_no_form_gives_an_error(manager: Client, field: str, value: str) -> None:
    run = ImportRun.objects.create(file_name="x", state="review")
    assert manager.post(f"{INDEX}{run.pk}/", {field: value}).status_code in (302, 400)


@pytest.mark.parametrize("category", ["\u0663", "1" * 40, str(2**63), "-1", "x", "\u00b2"])
def test_a_category_that_cannot_be_is_no_choice(manager: Client, category: str) -> None:
    file = SimpleUploadedFile("lamps.csv", csv_text(numbered(1)).encode())
    response = manager.post(INDEX, {"file": file, "publish": "yes", "category": category})
    assert "Select a valid choice." in response.content.decode()


def test_a_run_that_is_not_there(manager: Client) -> None:
    for address in ("1/", "99999999999999999999/", "1/progress/", "1/report/"):
        assert manager.get(INDEX + address).status_code == 404


def test_progress_and_report(manager: Client, upload: Any) -> None:
    upload([lamp(**{"Variant Price": "x"}), lamp(Handle="", Title="")])
    run = ImportRun.objects.get()
    assert manager.get(reverse("imports_progress", args=[run.pk])).json() == {
        "state": "review",
        "label": "To be looked at",
        "progress": 1.0,
        "working": False,
    }
    response = manager.get(reverse("imports_report", args=[run.pk]))
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "line,product,outcome,state,severity,message"
    assert lines[1].startswith('2,Harbour Lamp,New,Waiting,mended,"“x”: the price is unreadable')
    assert lines[-1].startswith("3,Line 3,Refused,Waiting,refused,has neither a handle nor a title")


def test_exports(manager: Client, upload: Any, press: Any) -> None:
    upload(numbered(2))
    press(ImportRun.objects.get(), "apply")
    text = manager.get(f"{INDEX}export/?format=cornhill.csv").getvalue().decode("utf-8-sig")
    assert len(text.splitlines()) == 3
    book = manager.get(f"{INDEX}export/?format=cornhill.xlsx")
    assert book.getvalue().startswith(b"PK")
    assert "shopify-products-" in manager.get(f"{INDEX}export/?format=shopify.csv")["Content-Disposition"]


def test_queries_do_not_grow_with_the_rows(manager: Client, upload: Any, django_assert_max_num_queries: Any) -> None:
    upload(numbered(3))
    few = ImportRun.objects.latest("pk")
    upload(numbered(70))
    many = ImportRun.objects.latest("pk")
    manager.get(f"{INDEX}{few.pk}/")
    for run in (few, many):
        with django_assert_max_num_queries(16):
            manager.get(f"{INDEX}{run.pk}/")
    with django_assert_max_num_queries(14):
        manager.get(INDEX)
