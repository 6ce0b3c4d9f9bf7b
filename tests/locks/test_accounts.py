"""One account, two tabs: carts that meet at the login, codes, addresses, and keys that are being changed."""

import base64
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from cms.rotation import rotate
from shop.accounts import addresses, codes, privacy
from shop.accounts.models import Address, User
from shop.accounts.services import rotate_second_steps, vouch_for_address
from shop.accounts.tests.factories import PASSWORD, UserFactory
from shop.accounts.tests.test_second_step import SECOND, code_of, log_in
from shop.cart import saved
from shop.cart.models import SavedCart
from shop.cart.tests.factories import Shopper
from shop.orders.models import Order
from shop.orders.participants import PlacementRefused
from shop.orders.personal_data import claim
from shop.orders.tests.factories import make_order
from tests.factories import make_product
from tests.fixtures.concurrency import Overlap

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home_page")]

OLD, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
SECRET = "JBSWY3DPEHPK3PXP"
PLACE = {"name": "Ann", "line_1": "9 Thimble Row", "city": "Ipswich", "postcode": "IP4 1AA", "country": "GB"}


@pytest.fixture
def ann(home_page: object) -> User:
    user = UserFactory(email="ann@example.com")
    vouch_for_address(user=user)
    return user


class TestCartsAtTheLogin:
    @pytest.mark.parametrize("before", [{}, {"LAMP": 1}])
    def test_two_browsers(self, ann: User, overlap: Overlap, before: dict[str, int]) -> None:
        if before:
            SavedCart.objects.create(user=ann, items=before)
        phone, desktop = {"cart": {"MUG": 2}}, {"cart": {"JUG": 1}}
        overlap(lambda: saved.merge(session=phone, user=ann), lambda: saved.merge(session=desktop, user=ann))
        assert SavedCart.objects.get().items == {"MUG": 2, "JUG": 1, **before}

    def test_two_tabs_of_one_browser_add_nothing_twice(self, ann: User, overlap: Overlap) -> None:
        """Both have read the session before either has changed it: a double click on “Log in”."""
        tabs: list[dict[str, Any]] = [{"cart": {"MUG": 2}} for _ in range(2)]
        overlap(*(lambda tab=tab: saved.merge(session=tab, user=ann, source="one browser") for tab in tabs))
        assert SavedCart.objects.get().items == {"MUG": 2}
        assert [tab["cart"] for tab in tabs] == [{"MUG": 2}, {"MUG": 2}]

    def test_a_double_click(self, ann: User, in_threads: Any) -> None:
        make_product(sku="MUG", stock=50)
        visitor = Shopper()
        visitor.add("MUG", 2)
        tabs = [Shopper() for _ in range(4)]
        for tab in tabs:
            tab.cookies["sessionid"] = visitor.cookies["sessionid"].value

        def click(number: int) -> int:
            data = {"login": "ann@example.com", "password": PASSWORD}
            return int(tabs[number].post("/account/login/", data).status_code)

        assert set(in_threads(len(tabs), click)) == {302}
        assert SavedCart.objects.get().items == {"MUG": 2}
        # Whoever came after the session was gone has the account's cart: the same.
        assert [tab.cart for tab in tabs] == [{"MUG": 2}] * len(tabs)


class TestSecondSteps:
    @pytest.fixture
    def app(self, ann: User) -> Authenticator:
        return Authenticator.objects.create(user=ann, type="totp", data={"secret": SECRET})

    def test_a_code_is_good_for_one_of_two(self, app: Authenticator, overlap: Overlap) -> None:
        code = code_of(SECRET)
        copies = [Authenticator.objects.get(pk=app.pk) for _ in range(2)]
        assert overlap(*(lambda copy=copy: codes.spend(copy, code) for copy in copies)) == (True, False)

    def test_two_browsers_with_one_code_at_once(self, app: Authenticator, in_threads: Any) -> None:
        browsers = [Client() for _ in range(4)]
        for browser in browsers:
            assert log_in(browser)["Location"] == SECOND
        code = code_of(SECRET)
        answers = in_threads(len(browsers), lambda number: browsers[number].post(SECOND, {"code": code}).status_code)
        assert sorted(answers) == [200, 200, 200, 302]
        assert sum("_auth_user_id" in browser.session for browser in browsers) == 1

    def test_new_keys_forget_no_code_that_was_used(self, app: Authenticator, overlap: Overlap, settings: Any) -> None:
        settings.ADDRESS_ENCRYPTION_KEYS = [NEW]
        code = code_of(SECRET)
        spent, rotated = overlap(lambda: codes.spend(app, code), rotate_second_steps)
        assert (spent, rotated) == (True, 1)
        assert not codes.spend(Authenticator.objects.get(pk=app.pk), code)


class TestAddresses:
    def test_the_first_one_is_the_default(self, ann: User, overlap: Overlap) -> None:
        first, late = overlap(*[lambda: addresses.add_address(user=ann, facts=PLACE)] * 2)
        assert list(Address.objects.order_by("pk")) == [first, late]
        assert Address.objects.get(is_default=True) == first

    def test_one_that_is_just_being_added_goes_with_the_account(self, ann: User, overlap: Overlap) -> None:
        _, late = overlap(lambda: addresses.add_address(user=ann, facts=PLACE), lambda: privacy.erase(user=ann))
        assert late is None
        assert (User.objects.filter(pk=ann.pk).count(), Address.objects.count()) == (0, 0)

    def test_new_keys_keep_what_is_just_being_changed(self, ann: User, overlap: Overlap, settings: Any) -> None:
        settings.ADDRESS_ENCRYPTION_KEYS = [OLD]
        address = addresses.add_address(user=ann, facts=PLACE)
        settings.ADDRESS_ENCRYPTION_KEYS = [NEW, OLD]
        overlap(
            lambda: addresses.change_address(address=address, facts={"line_1": "1 Quay Street"}),
            lambda: list(rotate(Address)),
        )
        assert Address.objects.get().line_1 == "1 Quay Street"


class TestOrdering:
    def test_an_account_that_is_just_ordering_is_not_erased(self, ann: User, overlap: Overlap) -> None:
        make_product(sku="MUG", stock=5)
        order, refused = overlap(lambda: make_order(customer=ann), lambda: privacy.erase(user=ann))
        assert isinstance(refused, privacy.CannotErase)
        assert Order.objects.get().customer == ann
        assert order.number in str(refused)

    def test_one_that_has_just_been_erased_orders_nothing(self, ann: User, overlap: Overlap) -> None:
        make_product(sku="MUG", stock=5)
        _, refused = overlap(lambda: privacy.erase(user=ann), lambda: make_order(customer=ann))
        assert isinstance(refused, PlacementRefused)
        assert not Order.objects.exists()


def test_a_guest_s_order_becomes_the_order_of_one(ann: User, overlap: Overlap) -> None:
    """An address that moves from one account to another while both take over what its guest has ordered."""
    bob, order = UserFactory(), make_order()
    assert overlap(lambda: claim(ann, order.email), lambda: claim(bob, order.email)) == (1, 0)
    assert Order.objects.get().customer == ann
