"""Somebody makes an account, protects it, logs in again, and finds what was ordered before."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail

from shop.accounts import addresses
from shop.accounts.models import User
from shop.accounts.services import vouch_for_address
from shop.accounts.tests.factories import PASSWORD, UserFactory
from shop.orders.links import order_path
from shop.orders.models import Order
from shop.orders.tests.factories import CONTACT, make_order
from tests.e2e.conftest import SmallShop

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
pytestmark = pytest.mark.browser
ENTRANCE = ("login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/", "confirm-email/x/")
AREA = (
    *("", "orders/", "addresses/", "addresses/new/", "letters/", "email/", "password/change/", "devices/", "privacy/"),
    "logout/",
)
NARROWEST = 320


def code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def log_in(page: "Page", shop: SmallShop) -> None:
    page.goto(f"{shop.url}/account/login/")
    page.get_by_label("E-mail address").fill("ann@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def confirm(page: "Page") -> None:
    """Say by the password that it is oneself."""
    page.get_by_role("heading", name="Is it you?").wait_for()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


@pytest.fixture
def ann(small_shop: SmallShop) -> User:
    user = UserFactory(email="ann@example.com")
    vouch_for_address(user=user)
    facts = {"name": "Ann Archer", "line_1": "9 Thimble Row", "city": "Ipswich", "postcode": "IP1 1XR", "country": "GB"}
    addresses.add_address(user=user, facts=facts)
    make_order()
    Order.objects.update(customer=user)
    return user


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_from_the_sign_up_to_the_order(
    small_shop: SmallShop, new_page: "Callable[..., Page]", javascript: bool
) -> None:
    order = make_order()
    page = new_page(**PHONE, javascript=javascript)
    page.goto(f"{small_shop.url}/account/signup/")
    page.get_by_label("E-mail address").fill("ann@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.get_by_role("heading", name="Look into your e-mail").wait_for()
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    page.goto(link)
    page.get_by_role("button", name="Yes, it is mine").click()
    page.wait_for_url("**/account/")

    page.get_by_role("link", name="Second step and passkeys").first.click()
    page.get_by_role("link", name="Set up an app").click()
    confirm(page)
    secret = page.locator("[data-totp-secret]").text_content() or ""
    page.get_by_label("Code from your app").fill(code(secret))
    page.get_by_role("button", name="Set up the app").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert page.locator(".account-codes li").count() == 10

    page.get_by_role("button", name="Log out").click()
    log_in(page, small_shop)
    page.get_by_role("heading", name="One more step").wait_for()
    # Each step's code is good once; the next one's is taken already, however long the browser needs.
    page.get_by_label("Code").fill(code(secret, 1))
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/account/")
    page.get_by_role("link", name="Orders", exact=True).first.click()
    page.get_by_role("link", name=order.number).click()
    page.wait_for_url("**/orders/**")
    assert page.get_by_text(order.number).first.is_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_guest_keeps_the_order_in_an_account(
    small_shop: SmallShop, new_page: "Callable[..., Page]", javascript: bool
) -> None:
    order = make_order()
    page = new_page(**PHONE, javascript=javascript)
    page.goto(f"{small_shop.url}{order_path(order=order)}")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Create an account").click()
    page.get_by_text("This password is too short.").wait_for()
    assert page.get_by_label("E-mail address").input_value() == "ann@example.com"
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.get_by_role("heading", name="Look into your e-mail").wait_for()
    page.goto(next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http")))
    page.get_by_role("button", name="Yes, it is mine").click()
    page.wait_for_url("**/account/orders/")
    page.get_by_role("link", name=order.number).click()
    page.get_by_role("heading", name="Thank you, Ann Archer").wait_for()
    assert page.get_by_text("Keep your orders in an account").count() == 0


def test_an_old_link_to_an_order_is_renewed(
    small_shop: SmallShop, new_page: "Callable[..., Page]", settings: Any
) -> None:
    """In a browser: it says, as the page's policy lets it, where the form comes from."""
    settings.ORDER_LINK_MAX_AGE = -1
    page = new_page(**PHONE)
    page.goto(f"{small_shop.url}{order_path(order=make_order())}")
    page.get_by_role("button", name="Send me a new link").click()
    page.get_by_role("heading", name="Look into your e-mail").wait_for()


def test_a_passkey_instead_of_the_password(
    small_shop: SmallShop, ann: User, new_page: "Callable[..., Page]", settings: Any
) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page = new_page()
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    made = browser.send("WebAuthn.addVirtualAuthenticator", {"options": {**key, "isUserVerified": True}})
    log_in(page, small_shop)
    page.goto(f"{small_shop.url}/account/second-step/webauthn/add/")
    confirm(page)
    page.get_by_label("Name of the passkey").fill("My laptop")
    page.get_by_label("Log in with it instead of my password").check()
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert str(Authenticator.objects.get(user=ann, type="webauthn")) == "My laptop"
    page.get_by_role("button", name="Log out").click()

    page.goto(f"{small_shop.url}/account/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/account/")
    assert page.get_by_text("You are logged in as ann@example.com.").is_visible()
    page.get_by_role("button", name="Log out").click()

    log_in(page, small_shop)
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url("**/account/")
    page.get_by_role("button", name="Log out").click()

    browser.send("WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": False})
    page.goto(f"{small_shop.url}/account/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.get_by_text("That did not work, or it was cancelled. You can try again.").wait_for()


def test_the_header_knows_that_somebody_is_logged_in(
    small_shop: SmallShop, ann: User, new_page: "Callable[..., Page]"
) -> None:
    page = new_page()
    page.goto(small_shop.url)
    assert page.locator("header .site-header__account").inner_text().strip() == "Log in"
    log_in(page, small_shop)
    page.goto(small_shop.url)
    assert page.locator("header .site-header__account").inner_text().strip() == "Your account"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_and_nothing_sideways(
    small_shop: SmallShop,
    ann: User,
    new_page: "Callable[..., Page]",
    assert_accessible: "Callable[[Page], None]",
    scheme: str,
) -> None:
    page = new_page(width=NARROWEST, height=640, color_scheme=scheme, reduced_motion="reduce")
    # A guest's order, with the offer of an account and a name that is wider than the phone.
    name = "Bartholomew Featherstonehaugh-Cholmondeley"
    guests = order_path(order=make_order(contact=replace(CONTACT, name=name)))
    for path in (guests, *(f"/account/{each}" for each in ENTRANCE)):
        page.goto(f"{small_shop.url}{path}")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST, path
    log_in(page, small_shop)
    page.goto(f"{small_shop.url}/account/second-step/webauthn/add/")
    confirm(page)
    page.get_by_role("heading", name="Add a passkey").wait_for()
    second = ("", "totp/activate/", "webauthn/add/", "webauthn/")
    for path in (*AREA, *(f"second-step/{each}" for each in second), "privacy/erase/"):
        page.goto(f"{small_shop.url}/account/{path}")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST, path
