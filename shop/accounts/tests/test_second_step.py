"""The second step: codes of an app, recovery codes, passkeys, and staff who must have one."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from shop.accounts import codes
from shop.accounts.models import User
from shop.accounts.services import vouch_for_address
from shop.accounts.tests.factories import PASSWORD, AdminFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page", "at_once")]
SECOND, ACTIVATE = "/account/second-step/authenticate/", "/account/second-step/totp/activate/"

NONSENSE = [
    "",
    "null",
    "{}",
    "[1]",
    '{"id": "x"}',
    "\\",
    "9" * 5000,
    "[" * 20_000,
    '{"id": "AA", "rawId": "AA", "response": {"userHandle": "MTIz"}, "type": "public-key"}',
]


def code_of(secret: str, steps: int = 1) -> str:
    """What an app shows, ``steps`` half minutes from now.

    The next code is taken already, is another than the one that set the app up, and lasts however long a test takes.
    """
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def confirm(client: Client, path: str) -> Any:
    """Open a page that asks first whether it is really oneself."""
    answer = client.get(path)
    assert answer["Location"].startswith("/account/reauthenticate/")
    return client.post(answer["Location"], {"password": PASSWORD}, follow=True)


def log_in(client: Client, email: str = "ann@example.com") -> Any:
    return client.post("/account/login/", {"login": email, "password": PASSWORD})


@pytest.fixture
def secret(ann: User) -> str:
    """Ann has an app; this is what it knows."""
    client = Client()
    client.force_login(ann)
    form = confirm(client, ACTIVATE).context["form"]
    answer = client.post(ACTIVATE, {"code": code_of(form.secret, 0)}, follow=True)
    assert "Your app is set up." in answer.content.decode()
    assert "10 of 10 are left." in answer.content.decode()
    assert [letter.subject for letter in mail.outbox] == ["An authenticator app was set up"]
    return str(form.secret)


class TestApps:
    def test_the_login_asks_for_a_code(self, secret: str, client: Client) -> None:
        answer = log_in(client)
        assert (answer.status_code, answer["Location"]) == (302, SECOND)
        assert "Enter the code that your authenticator app shows now" in client.get(SECOND).content.decode()
        assert client.get("/account/")["Location"] == "/account/login/?next=/account/"
        assert client.post(SECOND, {"code": code_of(secret)})["Location"] == "/account/"
        assert client.get("/account/").status_code == 200

    def test_no_passkey_is_asked_of_whoever_has_none(self, secret: str, client: Client) -> None:
        log_in(client)
        page = client.get(SECOND).content.decode()
        assert "Use a passkey instead" not in page
        assert "webauthn" not in page

    def test_a_code_is_good_for_one_login(self, secret: str) -> None:
        for expected in (302, 200):
            client = Client()
            log_in(client)
            answer = client.post(SECOND, {"code": code_of(secret)})
            assert answer.status_code == expected
        assert "_auth_user_id" not in client.session

    def test_not_even_when_the_cache_has_forgotten_it(self, secret: str) -> None:
        from django.core.cache import cache

        clients = [Client(), Client()]
        for client in clients:
            log_in(client)
        code = code_of(secret)
        assert clients[0].post(SECOND, {"code": code}).status_code == 302
        cache.clear()
        answer = clients[1].post(SECOND, {"code": code})
        assert "This code has been used." in answer.content.decode()

    def test_the_code_that_set_it_up_is_spent(self, secret: str, client: Client) -> None:
        log_in(client)
        answer = client.post(SECOND, {"code": code_of(secret, 0)})
        assert "This code has been used." in answer.content.decode()

    def test_an_older_code_does_not_work_after_a_newer_one(self, ann: User) -> None:
        made = Authenticator.objects.create(user=ann, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
        assert codes.spend(made, code_of("JBSWY3DPEHPK3PXP", 0))
        assert not codes.spend(made, code_of("JBSWY3DPEHPK3PXP", -1))
        assert not codes.spend(made, "000")
        assert codes.spend(made, code_of("JBSWY3DPEHPK3PXP", 1))

    def test_the_eleventh_code_is_not_looked_at(self, secret: str, client: Client) -> None:
        log_in(client)
        for _ in range(10):
            assert "This code is not right." in client.post(SECOND, {"code": "000000"}).content.decode()
        answer = client.post(SECOND, {"code": code_of(secret)})
        assert "Too many attempts." in answer.content.decode()
        assert "_auth_user_id" not in client.session

    def test_a_recovery_code_opens_once(self, secret: str, ann: User) -> None:
        code = Authenticator.objects.get(user=ann, type="recovery_codes").wrap().get_unused_codes()[0]
        for expected in (302, 200):
            client = Client()
            log_in(client)
            assert client.post(SECOND, {"code": code}).status_code == expected

    def test_removing_it_asks_whether_it_is_oneself(self, secret: str, client: Client, ann: User) -> None:
        ann.refresh_from_db()  # setting the app up has ended her other sessions
        client.force_login(ann)
        path = "/account/second-step/totp/deactivate/"
        assert "Remove the app?" in confirm(client, path).content.decode()
        client.post(path)
        assert not Authenticator.objects.filter(user=ann).exists()
        assert mail.outbox[-1].subject == "The authenticator app was removed"


class TestPasskeys:
    def test_the_page_has_what_the_browser_needs_and_no_inline_script(self, client: Client, ann: User) -> None:
        client.force_login(ann)
        html = confirm(client, "/account/second-step/webauthn/add/").content.decode()
        assert '"creation_options"' in html
        assert '"rp": {"name": "Cornhill", "id": "testserver"}' in html
        assert "/static/mfa/js/webauthn.js" in html
        assert "<script>" not in html
        assert "Passkeys need JavaScript." in html

    def test_logging_in_without_a_password_starts_with_a_challenge(self, client: Client) -> None:
        asked = client.get("/account/second-step/webauthn/login/", headers={"Accept": "application/json"}).json()
        assert asked["request_options"]["publicKey"]["userVerification"] == "required"
        assert len(asked["request_options"]["publicKey"]["challenge"]) >= 40

    @pytest.mark.parametrize("credential", NONSENSE)
    def test_what_is_no_passkey_opens_nothing(self, client: Client, credential: str) -> None:
        client.get("/account/second-step/webauthn/login/", headers={"Accept": "application/json"})
        answer = client.post("/account/second-step/webauthn/login/", {"credential": credential})
        assert answer.status_code in (200, 302)
        assert "_auth_user_id" not in client.session


class TestStaff:
    @pytest.fixture(autouse=True)
    def required(self, settings: Any) -> None:
        settings.STAFF_MFA_REQUIRED = True

    def test_staff_without_one_are_led_to_it(self, client: Client) -> None:
        client.force_login(AdminFactory())
        for path in ("/admin/", "/admin/pages/", "/admin/api/main/pages/"):
            answer = client.get(path)
            assert (answer.status_code, answer["Location"]) == (302, "/account/second-step/"), path
        page = client.get("/account/second-step/").content.decode()
        assert "Staff of this shop log in with a second step." in page

    def test_staff_with_one_enter(self, client: Client) -> None:
        admin = AdminFactory()
        Authenticator.objects.create(user=admin, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
        client.force_login(admin)
        assert client.get("/admin/").status_code == 200

    def test_recovery_codes_alone_are_none(self, client: Client) -> None:
        admin = AdminFactory()
        Authenticator.objects.create(user=admin, type="recovery_codes", data={"seed": "x", "used_mask": 0})
        client.force_login(admin)
        assert client.get("/admin/").status_code == 302

    def test_shoppers_are_not_asked(self, client: Client, ann: User) -> None:
        client.force_login(ann)
        assert client.get("/account/").status_code == 200

    def test_where_it_is_not_required_nobody_is_asked(self, client: Client, settings: Any) -> None:
        settings.STAFF_MFA_REQUIRED = False
        client.force_login(AdminFactory())
        assert client.get("/admin/").status_code == 200


def test_the_demo_login_still_opens_the_admin(client: Client) -> None:
    admin = AdminFactory(email="admin@ipswich-retail.example")
    vouch_for_address(user=admin)
    client.post("/account/login/?next=/admin/", {"login": admin.email, "password": PASSWORD})
    assert client.get("/admin/").status_code == 200


def test_who_is_logged_in_elsewhere_has_to_show_the_new_step(ann: User) -> None:
    thief, own = Client(), Client()
    for client in (thief, own):
        log_in(client)
    form = confirm(own, ACTIVATE).context["form"]
    page = own.post(ACTIVATE, {"code": code_of(form.secret, 0)}, follow=True).content.decode()
    assert "Your app is set up. Other devices are logged out." in page
    assert own.get("/account/").status_code == 200
    assert thief.get("/account/")["Location"].startswith("/account/login/")
    assert log_in(thief)["Location"] == SECOND
