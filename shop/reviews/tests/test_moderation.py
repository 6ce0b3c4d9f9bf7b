"""Staff read, publish, reject and answer reviews; buyers are asked for them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from shop.accounts.models import User
from shop.catalog.models import ListingRow, ProductPage
from shop.orders import services as orders
from shop.orders.actions import ActionRefused, registry
from shop.orders.models import Order, OrderEvent
from shop.orders.tests.factories import make_line, make_order
from shop.reviews import invitations
from shop.reviews.models import Invitation, Review, Status
from shop.reviews.tests.factories import ReviewFactory
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LIST = "wagtailsnippets_reviews_review:list"
EDIT = "wagtailsnippets_reviews_review:edit"


def member(email: str, *groups: str) -> Client:
    user = User.objects.create_user(email, "a-long-password")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(*Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(home_page: Page) -> Client:
    return member("manager@example.com", "Shop managers")


@pytest.fixture
def mug(home_page: Page) -> ProductPage:
    return make_product(title="Mug", slug="mug", sku="MUG")


@pytest.fixture
def review(mug: ProductPage) -> Review:
    return ReviewFactory(product=mug, stars=3, status=Status.PENDING)


def rating(product: ProductPage) -> tuple[int | None, int]:
    row = ListingRow.objects.get(pk=product.pk)
    return row.rating, row.reviews


def test_a_manager_publishes_and_answers(
    manager: Client, review: Review, mug: ProductPage, django_capture_on_commit_callbacks: Any
) -> None:
    url = reverse(EDIT, args=[review.pk])
    html = manager.get(url).content.decode()
    assert review.words in html
    assert review.email in html
    with django_capture_on_commit_callbacks(execute=True):
        response = manager.post(url, {"status": "approved", "reason": "", "answer": "Thank you."})
    assert response.status_code == 302
    review.refresh_from_db()
    assert (review.status, review.answer, review.stars) == (Status.APPROVED, "Thank you.", 3)
    assert review.answered_at is not None
    assert review.moderated_by is not None
    assert review.moderated_by.email == "manager@example.com"
    assert rating(mug) == (300, 1)
    assert "Thank you." in Client().get(mug.url).content.decode()


def test_what_the_author_wrote_cannot_be_changed(manager: Client, review: Review) -> None:
    words = review.words
    data = {"status": "approved", "reason": "", "answer": "", "words": "Wonderful!", "stars": "5", "verified": "on"}
    manager.post(reverse(EDIT, args=[review.pk]), data)
    review.refresh_from_db()
    assert (review.words, review.stars, review.verified) == (words, 3, False)


def test_rejecting_needs_a_reason(manager: Client, review: Review) -> None:
    url = reverse(EDIT, args=[review.pk])
    refused = manager.post(url, {"status": "rejected", "reason": "", "answer": ""})
    assert "Say why" in refused.content.decode()
    manager.post(url, {"status": "rejected", "reason": "Advertising.", "answer": ""})
    review.refresh_from_db()
    assert (review.status, review.reason) == (Status.REJECTED, "Advertising.")


def test_many_are_moved_at_once(
    manager: Client, review: Review, mug: ProductPage, django_capture_on_commit_callbacks: Any
) -> None:
    other = ReviewFactory(product=mug, stars=4, status=Status.PENDING)
    base = reverse("wagtail_bulk_action", args=["reviews", "review", "publish_reviews"])
    url = f"{base}?id={review.pk}&id={other.pk}&next={reverse(LIST)}"
    assert "Publish 2" in manager.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert manager.post(url).status_code == 302
    assert rating(mug) == (350, 2)
    base = reverse("wagtail_bulk_action", args=["reviews", "review", "reject_reviews"])
    url = f"{base}?id={other.pk}&next={reverse(LIST)}"
    assert "Say why" in manager.post(url, {"reason": ""}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(url, {"reason": "Of another product."})
    assert rating(mug) == (300, 1)


def test_a_deleted_review_no_longer_counts(
    manager: Client, mug: ProductPage, django_capture_on_commit_callbacks: Any
) -> None:
    review = ReviewFactory(product=mug)
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(reverse("wagtailsnippets_reviews_review:delete", args=[review.pk]))
    assert not Review.objects.exists()
    assert rating(mug) == (None, 0)


def test_the_list_is_found_and_filtered(manager: Client, review: Review, mug: ProductPage) -> None:
    ReviewFactory(product=mug, stars=5, name="Cara")
    assert reverse(LIST) in manager.get(reverse("wagtailadmin_home")).content.decode()
    assert "Cara" in manager.get(reverse(LIST)).content.decode()
    waiting = manager.get(reverse(LIST), {"status": "pending", "verified": "false"}).content.decode()
    assert "Cara" not in waiting
    assert "3 stars by Ann" in waiting
    assert "Cara" in manager.get(reverse(LIST), {"q": "cara", "product": mug.pk}).content.decode()
    for rubbish in ("x", "9" * 30, "-1"):
        query = {"product": rubbish, "stars": rubbish, "status": rubbish}
        assert manager.get(reverse(LIST), query).status_code == 200


def test_nobody_adds_one_and_editors_see_none(manager: Client, review: Review, admin_client: Client) -> None:
    assert admin_client.get(reverse("wagtailsnippets_reviews_review:add")).status_code in (302, 403)
    editor = member("editor@example.com", "Editors")
    for url in (reverse(LIST), reverse(EDIT, args=[review.pk])):
        assert editor.get(url).status_code in (302, 403)
    assert reverse(LIST) not in editor.get(reverse("wagtailadmin_home")).content.decode()
    base = reverse("wagtail_bulk_action", args=["reviews", "review", "publish_reviews"])
    editor.post(f"{base}?id={review.pk}")
    review.refresh_from_db()
    assert review.status == Status.PENDING


# Invitations


@pytest.fixture
def sent_order(mug: ProductPage) -> Order:
    order = make_order(make_line(sku="MUG"))
    orders.mark_paid(order_id=order.pk)
    orders.fulfil(order_id=order.pk)
    order.refresh_from_db()
    mail.outbox.clear()
    return order


def test_staff_ask_a_buyer_once(sent_order: Order, admin_user: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        registry.run("review", order=sent_order, actor=admin_user, note="")
    [letter] = mail.outbox
    assert letter.to == [sent_order.email]
    assert "- Mug" in letter.body
    link = next(line for line in letter.body.splitlines() if "/reviews/invitation/" in line)
    assert Client().get(link.removeprefix("http://localhost").removeprefix("http://testserver")).status_code == 200
    assert OrderEvent.objects.filter(order=sent_order, message="Invitation to review sent").exists()
    with pytest.raises(ActionRefused, match="asked already"):
        registry.run("review", order=sent_order, actor=admin_user, note="")
    assert len(mail.outbox) == 1


def test_nobody_is_asked_unless_it_is_switched_on(sent_order: Order, settings: Any) -> None:
    Order.objects.filter(pk=sent_order.pk).update(closed_at=timezone.now() - timedelta(days=12))
    call_command("invite_reviewers")
    assert not Invitation.objects.exists()
    settings.REVIEW_INVITATION_DAYS = 10
    assert invitations.invite_due() == 1
    assert invitations.invite_due() == 0
    settings.REVIEW_INVITATION_DAYS = 14
    assert invitations.invite_due() == 0


def test_buyers_of_long_ago_are_left_alone(sent_order: Order, settings: Any) -> None:
    settings.REVIEW_INVITATION_DAYS = 10
    Order.objects.filter(pk=sent_order.pk).update(closed_at=timezone.now() - timedelta(days=50))
    assert invitations.invite_due() == 0


def test_a_letter_that_failed_is_sent_later(sent_order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    Invitation.objects.create(order=sent_order)
    Invitation.objects.update(created_at=timezone.now() - timedelta(minutes=5))

    def fail(**kwargs: Any) -> Any:
        raise OSError("no mail server")

    with monkeypatch.context() as patch:
        patch.setattr(invitations, "compose", fail)
        call_command("invite_reviewers")
    invitation = Invitation.objects.get()
    assert (invitation.sent_at, invitation.attempts, invitation.last_error) == (None, 1, "OSError")
    call_command("invite_reviewers")
    invitation.refresh_from_db()
    assert invitation.sent_at is not None
    assert len(mail.outbox) == 1
    call_command("invite_reviewers")
    assert len(mail.outbox) == 1
