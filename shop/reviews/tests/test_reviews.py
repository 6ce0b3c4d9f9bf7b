"""Reviews as shoppers read and write them."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import caches
from django.test import Client
from wagtail.models import Page

from shop.catalog import listing
from shop.catalog.models import ListingRow, ProductPage
from shop.catalog.templatetags.ratings import star_icons, star_text
from shop.orders import services as orders
from shop.orders.models import Order
from shop.orders.tests.factories import CONTACT, make_line, make_order
from shop.reviews import services
from shop.reviews.links import invitation_path, invitation_token, order_of_token
from shop.reviews.models import Review, Status
from shop.reviews.selectors import counts, ratings
from shop.reviews.services import ReviewRefused
from shop.reviews.tests.factories import ReviewFactory
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WORDS = {
    "stars": "4",
    "title": "Sturdy",
    "words": "It has survived two moves and a toddler.",
    "name": "Ben",
    "email": "ben@example.com",
}


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    caches["default"].clear()
    yield
    caches["default"].clear()


@pytest.fixture
def mug(home_page: Page) -> ProductPage:
    return make_product(title="Mug", slug="mug", sku="MUG")


def paid_order(email: str = "ann@example.com") -> Order:
    order = make_order(make_line(sku="MUG"), contact=replace(CONTACT, email=email))
    orders.mark_paid(order_id=order.pk)
    order.refresh_from_db()
    return order


def structured(response: Any) -> dict[str, Any]:
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.S)
    [entry] = [entry for entry in json.loads(found)["@graph"] if entry["@type"] in ("Product", "ProductGroup")]
    return dict(entry)


# Reading


def test_the_page_shows_published_reviews_and_nothing_private(client: Client, mug: ProductPage) -> None:
    ReviewFactory(
        product=mug, stars=4, verified=True, answer="Thank you!", words="Keeps tea warm.\n\nFor <b>hours</b>."
    )
    ReviewFactory(product=mug, stars=5, words="Published too.")
    ReviewFactory(product=mug, stars=1, words="Still waiting.", status=Status.PENDING)
    ReviewFactory(product=mug, stars=1, words="Rude words.", status=Status.REJECTED, reason="Rude.")
    listing.refresh([mug.pk])
    html = client.get(mug.url).content.decode()
    assert "Keeps tea warm.</p>" in html
    assert "For &lt;b&gt;hours&lt;/b&gt;." in html
    assert "Verified buyer" in html
    assert "Thank you!" in html
    assert "4.5 out of 5 stars" in html
    for private in ("Still waiting.", "Rude", "@example.com"):
        assert private not in html


def test_the_rating_reaches_listings_and_search_engines(client: Client, mug: ProductPage) -> None:
    for stars in (5, 4, 4):
        ReviewFactory(product=mug, stars=stars, title="" if stars == 5 else "Good")
    ReviewFactory(product=mug, stars=1, status=Status.PENDING)
    listing.refresh([mug.pk])
    row = ListingRow.objects.get(pk=mug.pk)
    assert (row.rating, row.reviews) == (433, 3)
    data = structured(client.get(mug.url))
    assert data["aggregateRating"] == {
        "@type": "AggregateRating",
        "ratingValue": "4.3",
        "reviewCount": 3,
        "bestRating": 5,
        "worstRating": 1,
    }
    review = data["review"][-1]
    assert review["author"] == {"@type": "Person", "name": "Ann"}
    assert review["reviewRating"]["ratingValue"] == 5
    assert "name" not in review
    assert "@example.com" not in json.dumps(data["review"])
    card = BeautifulSoup(client.get("/search/?q=mug").content, "html.parser").select_one(".card__rating")
    assert card is None or "4.3 out of 5" in card.get_text()


def test_without_reviews_there_is_no_rating(client: Client, mug: ProductPage) -> None:
    response = client.get(mug.url)
    assert "aggregateRating" not in structured(response)
    assert "Nobody has reviewed this yet." in response.content.decode()


def test_many_reviews_cost_one_query_more_than_none(query_budget: Callable[..., Any], mug: ProductPage) -> None:
    none = query_budget(mug.url, at_most=8)
    ReviewFactory.create_batch(30, product=mug)
    listing.refresh([mug.pk])
    many = query_budget(mug.url, at_most=8)
    assert many.query_count == none.query_count + 1
    assert many.content.count(b'class="review"') == 4


def test_all_reviews_come_in_pages(client: Client, query_budget: Callable[..., Any], mug: ProductPage) -> None:
    ReviewFactory.create_batch(12, product=mug)
    ReviewFactory(product=mug, stars=2)
    listing.refresh([mug.pk])
    url = f"/reviews/{mug.pk}/"
    first = query_budget(url, at_most=8)
    assert first.content.count(b'class="review"') == 10
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    assert first.headers["Cache-Control"] == "max-age=300"
    second = client.get(f"{url}?page=2")
    assert second.content.count(b'class="review"') == 3
    assert client.get(f"{url}?page=3").status_code == 404
    assert [(bar.stars, bar.count, bar.percent) for bar in first.context["bars"]] == [
        (5, 12, 92),
        (4, 0, 0),
        (3, 0, 0),
        (2, 1, 8),
        (1, 0, 0),
    ]


def test_what_shoppers_cannot_see_has_no_reviews(client: Client, home_page: Page) -> None:
    draft = make_product(title="Draft", live=False)
    for url in (
        f"/reviews/{draft.pk}/",
        f"/reviews/{draft.pk}/write/",
        "/reviews/999999/",
        f"/reviews/{home_page.pk}/",
    ):
        assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("rating", "icons", "text"),
    [
        (500, ["full"] * 5, "5.0"),
        (445, ["full"] * 4 + ["half"], "4.5"),
        (410, ["full"] * 4 + ["empty"], "4.1"),
        (100, ["full"] + ["empty"] * 4, "1.0"),
        (None, ["empty"] * 5, "0.0"),
    ],
)
def test_stars_for_people(rating: int | None, icons: list[str], text: str) -> None:
    assert (star_icons(rating), star_text(rating)) == (icons, text)


# Writing


def test_a_review_waits_for_staff(client: Client, mug: ProductPage) -> None:
    response = client.post(f"/reviews/{mug.pk}/write/", WORDS, follow=True)
    assert response.redirect_chain == [(f"/reviews/{mug.pk}/thanks/", 302)]
    review = Review.objects.get()
    assert (review.stars, review.title, review.name, review.email) == (4, "Sturdy", "Ben", "ben@example.com")
    assert (review.status, review.verified, review.order) == (Status.PENDING, False, None)
    assert "toddler" not in client.get(mug.url).content.decode()


def test_the_form_is_guarded_and_never_cached(mug: ProductPage) -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(f"/reviews/{mug.pk}/write/")
    assert "no-store" in page.headers["Cache-Control"]
    assert "csrfmiddlewaretoken" in page.content.decode()
    assert strict.post(f"/reviews/{mug.pk}/write/", WORDS).status_code == 403
    assert "csrfmiddlewaretoken" not in strict.get(mug.url).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("stars", "", "Choose from one to five stars."),
        ("stars", "6", "Choose from one to five stars."),
        ("stars", "1e9", "Choose from one to five stars."),
        ("words", "Nice.", "Write a sentence or two."),
        ("words", " ", "Write a sentence or two."),
        ("words", "x" * 4001, "at most 4000 characters"),
        ("words", "Something \x07 bell", "Use letters, digits and punctuation only."),
        ("name", "", "By what name shall we show your review?"),
        ("name", "<script>", "Use letters, digits and punctuation only."),
        ("name", "x" * 61, "at most 60 characters"),
        ("title", "a\nb", ""),
        ("email", "nobody", "Enter a valid email address."),
        ("email", "", "Enter your e-mail address; we never show it."),
    ],
)
def test_what_is_missing_is_said(client: Client, mug: ProductPage, field: str, value: str, message: str) -> None:
    response = client.post(f"/reviews/{mug.pk}/write/", {**WORDS, field: value})
    if not message:
        assert response.status_code in (302, 422)
        return
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Review.objects.exists()


def test_a_robot_is_thanked_and_forgotten(client: Client, mug: ProductPage) -> None:
    response = client.post(f"/reviews/{mug.pk}/write/", {**WORDS, "website": "https://pills.example"})
    assert response.status_code == 302
    assert not Review.objects.exists()


def test_a_flood_is_stopped(client: Client, mug: ProductPage, caplog: pytest.LogCaptureFixture) -> None:
    url = f"/reviews/{mug.pk}/write/"
    same_author = [client.post(url, WORDS, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(7)]
    assert same_author == [302] * 5 + [429] * 2
    same_address = [
        client.post(url, {**WORDS, "email": f"{n}@example.com"}, REMOTE_ADDR="203.0.113.9").status_code
        for n in range(12)
    ]
    assert same_address == [302] * 10 + [429] * 2
    assert Review.objects.count() == 15
    assert "203.0.113.9" not in caplog.text
    assert "example.com" not in caplog.text


# Verified buyers


def test_a_signed_link_makes_a_verified_buyer_once(client: Client, mug: ProductPage) -> None:
    order = paid_order(email="buyer@example.com")
    page = client.get(invitation_path(order=order))
    assert "Review Mug" in page.content.decode()
    assert "buyer@example.com" not in page.content.decode()
    url = f"/reviews/{mug.pk}/write/?order={invitation_token(order=order)}"
    assert 'type="email"' not in client.get(url).content.decode()
    values = {key: value for key, value in WORDS.items() if key != "email"}
    assert client.post(url, {**values, "email": "somebody@else.example"}).status_code == 302
    review = Review.objects.get()
    assert (review.verified, review.order, review.email) == (True, order, "buyer@example.com")
    again = client.post(url, values)
    assert again.status_code == 422
    assert "You have reviewed this purchase already." in again.content.decode()
    assert "You have reviewed it." in client.get(invitation_path(order=order)).content.decode()
    order.documents.all().delete()  # an order with an invoice is kept
    order.delete()
    review.refresh_from_db()
    assert (review.verified, review.order) == (True, None)


def test_an_order_verifies_what_it_has_and_no_more(client: Client, mug: ProductPage) -> None:
    order = paid_order()
    bowl = make_product(title="Bowl", sku="BOWL")
    client.post(f"/reviews/{bowl.pk}/write/?order={invitation_token(order=order)}", WORDS)
    assert not Review.objects.get(product=bowl).verified
    services.submit(product_id=bowl.pk, stars=5, words="Words.", name="A", email="a@example.com", order=order)
    assert not Review.objects.filter(verified=True).exists()


def test_an_order_that_is_not_paid_verifies_nothing(mug: ProductPage) -> None:
    order = make_order(make_line(sku="MUG"))
    review = services.submit(product_id=mug.pk, stars=5, words="Words.", name="A", email="a@example.com", order=order)
    assert not review.verified


@pytest.mark.parametrize("token", ["x", "A.b.c", "%00", "9" * 300, "☃"])
def test_another_link_opens_nothing(client: Client, mug: ProductPage, token: str) -> None:
    assert client.get(f"/reviews/invitation/{token}/").status_code in (400, 404)
    assert client.get(f"/reviews/{mug.pk}/write/?order={token}").status_code in (200, 400)


def test_the_link_of_the_order_page_is_not_the_link_of_a_review(mug: ProductPage) -> None:
    from shop.orders.links import LinkInvalid, order_from_token, order_token

    order = paid_order()
    assert order_of_token(order_token(order=order)) is None
    with pytest.raises(LinkInvalid):
        order_from_token(token=invitation_token(order=order))


# Counting


def test_summaries_are_asked_for_many_products_at_once(home_page: Page, django_assert_num_queries: Any) -> None:
    first, second = make_product(), make_product()
    ReviewFactory(product=first, stars=3)
    ReviewFactory(product=first, stars=4)
    with django_assert_num_queries(2):
        assert ratings([first.pk, second.pk]) == {first.pk: 350}
        assert counts([first.pk, second.pk]) == {first.pk: 2}


def test_a_reason_is_needed_to_reject(mug: ProductPage) -> None:
    review = ReviewFactory(product=mug)
    with pytest.raises(ReviewRefused, match="Say why"):
        services.moderate(ids=[review.pk], status=Status.REJECTED, user=None, reason="  ")
    review.refresh_from_db()
    assert review.status == Status.APPROVED
