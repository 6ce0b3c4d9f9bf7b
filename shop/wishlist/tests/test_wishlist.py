"""Wishlists in the session and in the account."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Page

from shop.accounts.models import User
from shop.catalog.models import ProductPage
from shop.catalog.tests.factories import CategoryPageFactory
from shop.wishlist import services
from shop.wishlist.models import WishlistItem
from shop.wishlist.selectors import ITEMS_MOST, SESSION_KEY, session_ids
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SAME = {"Sec-Fetch-Site": "same-origin"}
HTMX = {**SAME, "HX-Request": "true"}


@pytest.fixture
def mug(home_page: Page) -> ProductPage:
    return make_product(title="Mug", slug="mug", sku="MUG")


@pytest.fixture
def bowl(home_page: Page) -> ProductPage:
    return make_product(title="Bowl", slug="bowl", sku="BOWL")


def post(client: Client, verb: str, product: Any, headers: dict[str, str] = SAME, **data: Any) -> Any:
    value = product.pk if isinstance(product, ProductPage) else product
    return client.post(f"/wishlist/{verb}/", {"product": value, **data}, headers=headers)


def titles(client: Client) -> list[str]:
    return [card.title for card in client.get("/wishlist/").context["cards"]]


def test_without_script_adding_leads_to_the_list(client: Client, mug: ProductPage, bowl: ProductPage) -> None:
    post(client, "add", mug)
    response = post(client, "add", bowl)
    assert (response.status_code, response.headers["Location"]) == (303, "/wishlist/")
    assert response.cookies["wishlist_count"].value == "2"
    page = client.get("/wishlist/")
    assert "“Bowl” is on your list." in page.content.decode()
    assert "is on your list" not in client.get("/wishlist/").content.decode()
    assert titles(client) == ["Bowl", "Mug"]
    assert "no-store" in page.headers["Cache-Control"]
    post(client, "add", mug)
    assert titles(client) == ["Bowl", "Mug"]
    last = [post(client, "remove", mug), post(client, "remove", bowl)][-1]
    assert last.cookies["wishlist_count"].value == ""
    assert "Nothing on it yet" in client.get("/wishlist/").content.decode()


def test_htmx_gets_the_heart_and_the_list_their_new_state(client: Client, mug: ProductPage) -> None:
    added = post(client, "add", mug, HTMX).content.decode()
    assert "take it off" in added
    assert 'hx-post="/wishlist/remove/"' in added
    assert "take it off" in client.get(f"/wishlist/heart/{mug.pk}/").content.decode()
    removed = post(client, "remove", mug, HTMX, layout="page").content.decode()
    assert "Nothing on it yet" in removed
    assert "<html" not in removed
    assert "Put on my list" in client.get(f"/wishlist/heart/{mug.pk}/").content.decode()


def test_the_product_page_knows_no_list(client: Client, mug: ProductPage) -> None:
    post(client, "add", mug)
    response = client.get(mug.url)
    assert "Put on my list" in response.content.decode()
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_other_sites_change_nothing(client: Client, mug: ProductPage, headers: dict[str, str]) -> None:
    assert post(client, "add", mug, headers).status_code == 403
    assert titles(client) == []
    assert client.get("/wishlist/add/", headers=SAME).status_code == 405


@pytest.mark.parametrize("value", ["", "x", "-1", "0", "9" * 30, "1e3", "²", "999999"])
def test_what_is_no_product_is_not_put_on(client: Client, home_page: Page, value: str) -> None:
    assert post(client, "add", value, HTMX).status_code == 200
    assert post(client, "remove", value).status_code == 303
    assert titles(client) == []


def test_products_that_shoppers_cannot_see_are_left_out(client: Client, mug: ProductPage) -> None:
    draft = make_product(title="Draft", live=False)
    post(client, "add", draft)
    post(client, "add", mug)
    mug.unpublish()
    assert titles(client) == []


@pytest.mark.parametrize("stored", [None, 7, "x", {}, [True, "1", -1, 0, 2**70, None, [1]]])
def test_a_spoilt_session_is_an_empty_list(stored: Any) -> None:
    assert session_ids({SESSION_KEY: stored}) == []


def test_a_list_has_an_end(client: Client, mug: ProductPage) -> None:
    session = client.session
    session[SESSION_KEY] = list(range(10_000, 10_000 + ITEMS_MOST))
    session.save()
    assert "100 products, the most it can hold" in post(client, "add", mug, HTMX).content.decode()
    assert mug.pk not in client.session[SESSION_KEY]


def test_an_account_keeps_its_list(mug: ProductPage, bowl: ProductPage) -> None:
    user = User.objects.create_user("ann@example.com", "a-long-password")
    first, second = Client(), Client()
    first.force_login(user)
    second.force_login(user)
    post(first, "add", mug)
    post(first, "add", bowl)
    assert titles(second) == ["Bowl", "Mug"]
    post(second, "remove", mug)
    assert titles(first) == ["Bowl"]
    assert SESSION_KEY not in first.session


def test_the_list_goes_along_at_login(client: Client, mug: ProductPage, bowl: ProductPage) -> None:
    user = User.objects.create_user("ann@example.com", "a-long-password")
    WishlistItem.objects.create(user=user, product=mug)
    cup = make_product(title="Cup")
    for product in (mug, bowl, cup):
        post(client, "add", product)
    client.force_login(user)
    assert titles(client) == ["Cup", "Bowl", "Mug"]
    assert SESSION_KEY not in client.session


def test_a_full_account_takes_no_more(mug: ProductPage) -> None:
    user = User.objects.create_user("ann@example.com", "a-long-password")
    session: dict[str, Any] = {SESSION_KEY: [mug.pk, 999_999]}
    assert services.merge(session=session, user=user) == 1
    assert session == {}
    assert services.merge(session=session, user=user) == 0


def test_the_list_costs_the_same_however_long_it_is(
    client: Client, mug: ProductPage, bowl: ProductPage, django_assert_max_num_queries: Any
) -> None:
    for product in (mug, bowl, *(make_product() for _ in range(6))):
        post(client, "add", product)
    client.get("/wishlist/")
    with django_assert_max_num_queries(6):
        assert len(titles(client)) == 8


class TestHeartsOnCards:
    def test_every_card_has_one_that_works_without_a_script(self, client: Client, home_page: Page) -> None:
        mugs = CategoryPageFactory(title="Mugs", slug="mugs")
        mug = make_product(title="<Sea> mug", parent=mugs)
        listing = client.get("/mugs/")
        shown = BeautifulSoup(listing.content, "html.parser")
        form, button = shown.select_one("form#wish"), shown.select_one(".card button[form=wish]")
        assert form is not None
        assert button is not None
        assert (form["action"], form["method"]) == ("/wishlist/add/", "post")
        assert (button["type"], button["name"], button["value"]) == ("submit", "product", str(mug.pk))
        assert " ".join(button.get_text().split()) == "Add to my list: <Sea> mug"

    def test_a_script_is_told_what_became_of_it(self, client: Client, mug: ProductPage) -> None:
        added = post(client, "add", mug, SAME, layout="card")
        assert added.json() == {"wished": True, "message": f"“{mug.title}” is on your list."}
        assert added.cookies["wishlist_count"].value == "1"
        assert client.get("/wishlist/ids/").json() == {"products": [mug.pk]}
        removed = post(client, "remove", mug, SAME, layout="card")
        assert removed.json() == {"wished": False, "message": "We took it off your list."}
        assert client.get("/wishlist/ids/").json() == {"products": []}

    def test_the_list_itself_is_nobody_elses(self, client: Client, mug: ProductPage) -> None:
        post(client, "add", mug, SAME)
        answer = client.get("/wishlist/ids/")
        assert "private" in answer.headers["Cache-Control"]
        assert Client().get("/wishlist/ids/").json() == {"products": []}

    def test_cards_on_the_list_have_the_button_below_instead(self, client: Client, mug: ProductPage) -> None:
        post(client, "add", mug, SAME)
        page = client.get("/wishlist/").content.decode()
        assert "card__heart" not in page
        assert "Take off" in page
