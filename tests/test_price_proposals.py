"""Prices that are proposed, weighed, approved and applied in the admin."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Task, Workflow, WorkflowContentType

from shop.accounts.models import User
from shop.catalog.models import ProductPage, Variant
from shop.catalog.tests.factories import ProductPageFactory
from shop.pricing.costs import set_cost
from shop.pricing.models import Price, PriceApprovalTask, PriceProposal, PriceThreshold
from shop.pricing.proposing import Wanted, apply, propose
from shop.pricing.selectors import current_quotes
from shop.pricing.services import set_price
from tests.factories import add_variant

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def member(name: str, group: str = "Shop managers") -> Client:
    user = User.objects.create_user(f"{name}@example.com", "a-long-password", first_name=name.title())
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    client.user = user  # type: ignore[attr-defined]
    return client


@pytest.fixture
def ann(home_page: Page) -> Client:
    """A shop manager who may change prices by up to 10 % alone."""
    PriceThreshold.objects.create(group=Group.objects.get(name="Shop managers"), percent=10)
    return member("ann")


@pytest.fixture
def bob(ann: Client) -> Client:
    """Her colleague."""
    return member("bob")


@pytest.fixture
def mug(home_page: Page) -> ProductPage:
    page = ProductPageFactory(title="Mug", slug="mug")
    add_variant(page, sku="SEA", options=[("Colour", "Sea")], price=1000)
    add_variant(page, sku="RUST", options=[("Colour", "Rust")], price=2000)
    return page


def cost(sku: str) -> tuple[int, int | None]:
    quote = current_quotes([Variant.objects.get(sku=sku).pk])
    [found] = quote.values()
    return found.amount, found.compare_at


def words(response: Any, selector: str = "main") -> str:
    found = BeautifulSoup(response.content.decode(), "html.parser").select(selector)
    return " | ".join(" ".join(each.get_text(" ").split()) for each in found)


def upload(client: Client, text: str | bytes, **fields: str) -> Any:
    data = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("prices.csv", data, content_type="text/csv")
    return client.post(reverse("pricing_propose"), {"title": "New supplier", "file": file, **fields})


def edit_url(proposal: PriceProposal) -> str:
    return reverse("wagtailsnippets_pricing_priceproposal:edit", args=[proposal.pk])


def post(client: Client, proposal: PriceProposal, **action: str) -> Any:
    return client.post(edit_url(proposal), {"title": proposal.title, "valid_from": "", "valid_to": "", **action})


def the_proposal() -> PriceProposal:
    return PriceProposal.objects.get()


def lines(proposal: PriceProposal) -> list[tuple[str, str, str]]:
    return list(proposal.lines.values_list("sku", "state", "message"))


def test_one_product_from_its_screen(ann: Client, mug: ProductPage) -> None:
    set_cost(variant_id=Variant.objects.get(sku="SEA").pk, amount=400, currency="GBP")
    panel = ann.get(reverse("catalog_variants", args=[mug.pk])).content.decode()
    url = f"{reverse('pricing_propose')}?product={mug.pk}"
    assert url in panel
    assert "margin 52.0 %" in panel
    assert "£10.00" in words(ann.get(url), "tbody")
    sea = Variant.objects.get(sku="SEA").pk
    answer = ann.post(url, {"title": "Dearer clay", f"amount_{sea}": "10.50"})
    assert answer.status_code == 302
    page = ann.get(answer.headers["Location"])
    row = words(page, "tbody tr")
    assert "SEA Mug £10.00 £10.50 +£0.50 +5.0 % 52.0 % 54.3 % Waiting" in row
    assert "RUST" not in row
    assert "Apply these prices" in words(page)
    assert post(ann, the_proposal(), **{"action-publish": "1"}).status_code == 302
    assert cost("SEA") == (1050, None)
    price = Price.objects.latest("pk")
    assert (price.reason, price.created_by) == ("Dearer clay", ann.user)  # type: ignore[attr-defined]
    assert "Applied on" in words(ann.get(edit_url(the_proposal())))


def test_above_the_threshold_a_second_person_approves(ann: Client, bob: Client, mug: ProductPage) -> None:
    upload(ann, "SKU,Price\nSEA,15\n")
    proposal = the_proposal()
    page = ann.get(edit_url(proposal))
    assert "above your limit" in words(page)
    assert "Apply these prices" not in words(page)
    assert post(ann, proposal, **{"action-publish": "1"}).status_code in (302, 403)
    assert cost("SEA") == (1000, None)
    mail.outbox.clear()
    assert post(ann, proposal, **{"action-submit": "1"}).status_code == 302
    assert {address for letter in mail.outbox for address in letter.to} == {"bob@example.com"}
    # Nobody approves their own, whether or not the button is there.
    approve = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    post(ann, proposal, **approve)
    assert cost("SEA") == (1000, None)
    assert "Approve" in words(bob.get(edit_url(proposal)))
    post(bob, proposal, **approve)
    assert cost("SEA") == (1500, None)
    proposal.refresh_from_db()
    assert proposal.applied_by == bob.user  # type: ignore[attr-defined]
    assert lines(proposal) == [("SEA", "applied", "")]


def test_nobody_approves_beyond_their_own_limit(
    ann: Client, bob: Client, mug: ProductPage, admin_client: Client
) -> None:
    PriceThreshold.objects.update(approves=40)
    upload(ann, "SKU,Price\nSEA,15\n")
    post(ann, the_proposal(), **{"action-submit": "1"})
    page = bob.get(edit_url(the_proposal()))
    said = "You may approve changes of up to 40 %. Somebody with a higher limit has to approve this."
    assert said in words(page)
    approve = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    post(bob, the_proposal(), **approve)
    assert cost("SEA") == (1000, None)
    PriceThreshold.objects.update(approves=50)
    post(bob, the_proposal(), **approve)
    assert cost("SEA") == (1500, None)


def test_a_group_may_not_approve_less_than_it_changes_alone(admin_client: Client) -> None:
    group = Group.objects.get(name="Shop managers").pk
    answer = admin_client.post(reverse("price_thresholds:add"), {"group": group, "percent": "10", "approves": "5"})
    assert "At least as much as members may change by themselves." in answer.content.decode()
    admin_client.post(reverse("price_thresholds:add"), {"group": group, "percent": "10", "approves": ""})
    assert PriceThreshold.objects.values_list("percent", "approves").get() == (10, None)


def test_a_proposal_can_be_sent_back(ann: Client, bob: Client, mug: ProductPage) -> None:
    upload(ann, "SKU,Price\nSEA,15\n")
    post(ann, the_proposal(), **{"action-submit": "1"})
    reject = {"action-workflow-action": "1", "workflow-action-name": "reject"}
    post(bob, the_proposal(), **reject, **{"workflow-action-extra-data": '{"comment": "Too much"}'})
    state = the_proposal().current_workflow_state
    assert (state.status, cost("SEA")) == ("needs_changes", (1000, None))


def test_administrators_do_not_approve_their_own_either(ann: Client, mug: ProductPage, admin_user: Any) -> None:
    task = Task.objects.get(name="Price approval").specific
    proposal = PriceProposal(created_by=admin_user)
    assert [name for name, _, _ in task.get_actions(proposal, admin_user)] == ["reject"]
    proposal.created_by = ann.user  # type: ignore[attr-defined]
    assert "approve" in [name for name, _, _ in task.get_actions(proposal, admin_user)]


def test_a_stale_line_is_refused_and_the_rest_applied(ann: Client, mug: ProductPage) -> None:
    upload(ann, "SKU;Price;Compare at\nSEA;9,50;\nRUST;19,00;20,00\n")
    set_price(variant=Variant.objects.get(sku="SEA"), amount=1100, currency="GBP")
    post(ann, the_proposal(), **{"action-publish": "1"})
    assert cost("SEA") == (1100, None)
    assert cost("RUST") == (1900, 2000)
    refused, applied = lines(the_proposal())
    assert refused[1] == "refused"
    assert refused[2] == "It costs £11.00 by now, no longer £10.00: somebody changed it after this was proposed."
    assert applied[1] == "applied"
    assert "It costs £11.00 by now" in words(ann.get(edit_url(the_proposal())))


def test_it_is_applied_once(ann: Client, mug: ProductPage) -> None:
    upload(ann, "SKU,Price\nSEA,9.50\n")
    post(ann, the_proposal(), **{"action-publish": "1"})
    set_price(variant=Variant.objects.get(sku="SEA"), amount=1000, currency="GBP")
    post(ann, the_proposal(), **{"action-publish": "1"})
    apply(proposal=the_proposal(), user=ann.user)  # type: ignore[attr-defined]
    assert cost("SEA") == (1000, None)
    assert "This proposal was applied." in ann.get(edit_url(the_proposal())).content.decode()


def test_a_sale_with_dates_comes_and_goes(ann: Client, mug: ProductPage) -> None:
    begins = timezone.localtime(timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    ends = begins + timedelta(days=3)
    upload(
        ann,
        "SKU,Price,Compare at\nSEA,9.50,10\n",
        valid_from=begins.strftime("%Y-%m-%dT%H:%M"),
        valid_to=ends.strftime("%Y-%m-%dT%H:%M"),
    )
    proposal = the_proposal()
    assert (proposal.valid_from, proposal.valid_to) == (begins, ends)
    typed = "%Y-%m-%d %H:%M"
    ann.post(
        edit_url(proposal),
        {
            "title": "Sale",
            "valid_from": begins.strftime(typed),
            "valid_to": ends.strftime(typed),
            "action-publish": "1",
        },
    )
    rows = Variant.objects.get(sku="SEA").prices.order_by("valid_from").values_list("amount", "valid_from")
    assert list(rows)[1:] == [(950, begins), (1000, ends)]
    assert cost("SEA") == (1000, None)


def test_a_sale_that_another_price_interrupts_is_refused_line_by_line(ann: Client, mug: ProductPage) -> None:
    now = timezone.now()
    set_price(variant=Variant.objects.get(sku="SEA"), amount=1200, currency="GBP", valid_from=now + timedelta(days=1))
    user = ann.user  # type: ignore[attr-defined]
    wanted = [Wanted("SEA", 950), Wanted("RUST", 1900)]
    ends = now + timedelta(days=3)
    proposal = propose(title="Sale", wanted=wanted, currency="GBP", user=user, valid_to=ends)
    apply(proposal=proposal, user=user, valid_to=ends)
    assert [state for _, state, _ in lines(proposal)] == ["refused", "applied"]
    assert "Another price begins during the sale" in lines(proposal)[0][2]
    late = propose(title="Late", wanted=[Wanted("RUST", 1800)], currency="GBP", user=user, valid_to=ends)
    apply(proposal=late, user=user, valid_to=now - timedelta(days=1))
    assert lines(late) == [("RUST", "refused", "The sale would be over already.")]


def test_rows_that_cannot_be_are_in_the_proposal_as_refused(ann: Client, mug: ProductPage) -> None:
    text = "SKU,Price\nSEA,9.50\nSEA,9\nGONE,5\nRUST,cheap\n,7\nRUST2,-1\nRUST,20.00\n"
    assert upload(ann, text).status_code == 302
    assert lines(the_proposal()) == [
        ("SEA", "waiting", ""),
        ("SEA", "refused", "Row 3: The file has this SKU twice."),
        ("GONE", "refused", "No variant has this SKU."),
        ("RUST", "refused", "Row 5: 'cheap' is not an amount of money. Write it like 12.50."),
        ("row 6", "refused", "Row 6: No SKU."),
        ("RUST2", "refused", "No variant has this SKU."),
        ("RUST", "refused", "Row 8: The file has this SKU twice."),
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("SKU,Price\nGONE,5\n", "GONE: No variant has this SKU."),
        ("SKU,Price\nSEA,10\n", "SEA: costs that already."),
        ("name,cost\nSEA,10\n", "The first row names no column “SKU” and “Price”."),
        ("SKU,Price\n", "The file has no rows below its heading."),
        (b"PK\x03\x04\x00\x00", "This is no text file. Save the table as CSV (UTF-8)."),
        (b"\xff\xfe\xfd", "The first row names no column"),
        ("SKU,Price\n" + "x" * 200_000, "The file cannot be read as CSV"),
        ("SKU,Price\nSEA," + "9" * 400, "too large"),
        ("SKU,Price\nSEA,1e999999\n", "is too large"),
        ("SKU,Price\nSEA,9.999\n", "has more than 2 decimal places"),
    ],
)
def test_a_file_that_proposes_nothing_is_refused_with_the_reason(
    ann: Client, mug: ProductPage, data: str | bytes, message: str
) -> None:
    answer = upload(ann, data)
    assert answer.status_code == 422
    assert message in words(answer)
    assert not PriceProposal.objects.exists()


def test_a_file_from_another_country_and_with_an_apostrophe(ann: Client, mug: ProductPage) -> None:
    add_variant(mug, sku="+PLUS", options=[("Colour", "Plus")], price=1000)
    assert upload(ann, "\ufeffVariant SKU\tPrice\r\n'+PLUS\t£9,50\r\n".encode()).status_code == 302
    assert list(the_proposal().lines.values_list("sku", "amount")) == [("+PLUS", 950)]


def test_the_table_of_variants_holds_the_threshold_too(ann: Client, mug: ProductPage) -> None:
    url = reverse("catalog_variants", args=[mug.pk])
    soup = BeautifulSoup(ann.get(url).content.decode(), "html.parser")
    fields = {
        str(field["name"]): str(field.get("value", ""))
        for field in soup.select("[data-variants-panel] input[name], [data-variants-panel] select[name]")
        if field.get("type") != "checkbox" or field.has_attr("checked")
    }
    name = next(key for key, value in fields.items() if key.endswith("price_amount") and value == "10.00")
    refused = ann.post(url, fields | {name: "15.00"})
    assert refused.status_code == 422
    assert "You may change prices by up to 10 % yourself. Propose it: somebody else approves." in words(refused)
    assert cost("SEA") == (1000, None)
    assert ann.post(url, fields | {name: "11.00"}).status_code == 302
    assert cost("SEA") == (1100, None)


def test_editors_look_and_change_nothing(ann: Client, mug: ProductPage) -> None:
    upload(ann, "SKU,Price\nSEA,9.50\n")
    editor = member("eve", "Editors")
    assert editor.get(reverse("wagtailsnippets_pricing_priceproposal:list")).status_code == 200
    inspected = editor.get(reverse("wagtailsnippets_pricing_priceproposal:inspect", args=[the_proposal().pk]))
    assert "£9.50" in words(inspected, "tbody")
    assert editor.get(edit_url(the_proposal())).status_code in (302, 403)
    assert editor.get(reverse("pricing_propose")).status_code in (302, 403)
    assert editor.get(reverse("price_thresholds:index")).status_code in (302, 403)
    post(editor, the_proposal(), **{"action-publish": "1"})
    assert cost("SEA") == (1000, None)


def test_the_most_generous_group_counts(ann: Client, mug: ProductPage) -> None:
    buyers = Group.objects.create(name="Buyers")
    PriceThreshold.objects.create(group=buyers, percent=60)
    ann.user.groups.add(buyers)  # type: ignore[attr-defined]
    upload(ann, "SKU,Price\nSEA,15\n")
    post(ann, the_proposal(), **{"action-publish": "1"})
    assert cost("SEA") == (1500, None)


def test_the_screen_costs_the_same_for_many(ann: Client, mug: ProductPage, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        add_variant(mug, sku=f"M-{number}", options=[("Colour", f"Shade {number}")], price=1000)
    upload(ann, "SKU,Price\n" + "".join(f"M-{number},9.50\n" for number in range(30)))
    ann.get(edit_url(the_proposal()))
    with django_assert_max_num_queries(60):
        ann.get(edit_url(the_proposal()))
    with django_assert_max_num_queries(80):
        post(ann, the_proposal(), **{"action-publish": "1"})
    assert the_proposal().lines.filter(state="applied").count() == 30


@pytest.mark.parametrize("value", ["9" * 30, "-1", "x" * 300, "²", "%00"])
def test_nothing_that_is_typed_breaks_a_screen(ann: Client, mug: ProductPage, value: str) -> None:
    assert ann.get(reverse("pricing_propose"), {"product": value}).status_code == 404
    upload(ann, "SKU,Price\nSEA,9.50\n")
    assert ann.get(edit_url(the_proposal()), {"lines": value}).status_code == 200
    sea = Variant.objects.get(sku="SEA").pk
    fields = {"title": value, f"amount_{sea}": value, f"compare_at_{sea}": value, "valid_from": value}
    assert ann.post(f"{reverse('pricing_propose')}?product={mug.pk}", fields).status_code == 422


def test_the_workflow_is_there_from_the_start(db: None) -> None:
    [assigned] = WorkflowContentType.objects.filter(content_type__model="priceproposal")
    [task] = Workflow.objects.get(pk=assigned.workflow_id).tasks
    assert isinstance(task.specific, PriceApprovalTask)
    assert [group.name for group in task.specific.groups.all()] == ["Shop managers"]
