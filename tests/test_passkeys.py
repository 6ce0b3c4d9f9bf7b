"""Passkeys against those who have one, but not that one: another account's, another site's, one that was used."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from shop.accounts.models import User
from shop.accounts.services import vouch_for_address
from shop.accounts.tests.conftest import at_once  # noqa: F401  (a fixture)
from shop.accounts.tests.factories import AdminFactory, UserFactory
from shop.accounts.tests.test_second_step import SECOND, confirm, log_in
from tests.fakes.passkey import PRESENT, Passkey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page", "at_once")]
ADD, LOGIN = "/account/second-step/webauthn/add/", "/account/second-step/webauthn/login/"
AGAIN = "/account/second-step/webauthn/reauthenticate/"


def person(email: str, **fields: Any) -> User:
    user: User = (AdminFactory if fields.pop("admin", False) else UserFactory)(email=email, **fields)
    vouch_for_address(user=user)
    return user


def options_in(page: Any) -> dict[str, Any]:
    """What the page's script hands to the browser."""
    found = re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page.content.decode(), re.DOTALL)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told.get("creation_options") or told["request_options"]


@pytest.fixture
def enrol() -> Callable[[User], tuple[Client, Passkey]]:
    """Gives somebody a passkey, and the browser in which it was made."""

    def add(user: User) -> tuple[Client, Passkey]:
        client, passkey = Client(), Passkey()
        log_in(client, user.email)
        credential = passkey.create(options_in(confirm(client, ADD)))
        answer = client.post(ADD, {"name": "Phone", "passwordless": "on", "credential": credential})
        assert answer.status_code == 302, answer.content.decode()
        return client, passkey

    return add


Enrol = Callable[[User], tuple[Client, Passkey]]


def challenge(client: Client) -> dict[str, Any]:
    """Of the login without a password."""
    asked = client.get(LOGIN, headers={"Accept": "application/json"}).json()
    found: dict[str, Any] = asked["request_options"]
    return found


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


class TestLoggingInWithoutAPassword:
    def test_opens_the_account_it_was_made_for(self, enrol: Enrol, client: Client) -> None:
        _, passkey = enrol(person("ann@example.com"))
        assert client.post(LOGIN, {"credential": passkey.sign(challenge(client))})["Location"] == "/account/"
        assert "ann@example.com" in client.get("/account/").content.decode()

    def test_not_another_whose_name_it_gives(self, enrol: Enrol, client: Client) -> None:
        _, anns = enrol(person("ann@example.com"))
        _, bobs = enrol(person("bob@example.com"))
        stolen = bobs.sign(challenge(client), user_handle=anns.user_handle)
        client.post(LOGIN, {"credential": stolen})
        assert not is_in(client)

    @pytest.mark.parametrize("origin", ["https://evil.example", "https://testserver.evil.example", "http://testserver"])
    def test_not_what_was_signed_for_another_site(self, enrol: Enrol, client: Client, origin: str) -> None:
        _, passkey = enrol(person("ann@example.com"))
        client.post(LOGIN, {"credential": passkey.sign(challenge(client), origin=origin)})
        assert not is_in(client)

    def test_not_twice_with_one_signature_nor_in_another_browser(self, enrol: Enrol) -> None:
        _, passkey = enrol(person("ann@example.com"))
        own, thief = Client(), Client()
        signed = passkey.sign(challenge(own))
        challenge(thief)
        thief.post(LOGIN, {"credential": signed})
        assert not is_in(thief)
        assert own.post(LOGIN, {"credential": signed})["Location"] == "/account/"
        own.post("/account/logout/")
        own.post(LOGIN, {"credential": signed})
        assert not is_in(own)

    def test_not_without_finger_face_or_pin(self, enrol: Enrol, client: Client) -> None:
        _, passkey = enrol(person("ann@example.com"))
        passkey.flags = PRESENT
        client.post(LOGIN, {"credential": passkey.sign(challenge(client))})
        assert not is_in(client)

    def test_not_into_an_account_that_is_closed(self, enrol: Enrol, client: Client) -> None:
        ann = person("ann@example.com")
        _, passkey = enrol(ann)
        User.objects.filter(pk=ann.pk).update(is_active=False)
        answer = client.post(LOGIN, {"credential": passkey.sign(challenge(client))})
        assert answer["Location"] == "/account/inactive/"
        assert not is_in(client)


class TestTheSecondStep:
    def test_takes_the_account_s_own(self, enrol: Enrol, client: Client) -> None:
        _, passkey = enrol(person("ann@example.com"))
        assert log_in(client)["Location"] == SECOND
        signed = passkey.sign(options_in(client.get(SECOND)))
        assert client.post(SECOND, {"credential": signed})["Location"] == "/account/"

    def test_takes_no_other_s(self, enrol: Enrol, client: Client) -> None:
        enrol(person("ann@example.com"))
        _, bobs = enrol(person("bob@example.com"))
        log_in(client)
        asked = options_in(client.get(SECOND))
        client.post(SECOND, {"credential": bobs.sign(asked)})
        # Nor where it is looked at for the login that needs no password, half way through this one.
        client.post(LOGIN, {"credential": bobs.sign(asked, user_handle="")})
        assert not is_in(client)

    def test_is_asked_for_after_a_new_password(self, enrol: Enrol, client: Client) -> None:
        enrol(person("ann@example.com"))
        mail.outbox.clear()
        client.post("/account/password/reset/", {"email": "ann@example.com"})
        found = re.search(r"http://testserver(/account/\S+)", str(mail.outbox[0].body))
        assert found
        form = client.get(found[1], follow=True)
        new = {"password1": "another-long-password", "password2": "another-long-password"}
        client.post(form.redirect_chain[-1][0], new)
        assert not is_in(client)
        answer = client.post("/account/login/", {"login": "ann@example.com", "password": new["password1"]})
        assert answer["Location"] == SECOND
        assert not is_in(client)


class TestStayingOneself:
    def test_another_s_passkey_does_not_confirm_who_one_is(self, enrol: Enrol) -> None:
        ann = person("ann@example.com")
        client, _ = enrol(ann)
        _, bobs = enrol(person("bob@example.com"))
        forget_when_it_was_confirmed(client)
        client.post(AGAIN, {"credential": bobs.sign(options_in(client.get(AGAIN)))})
        assert client.get("/account/privacy/export/")["Location"].startswith("/account/reauthenticate/")

    def test_one_s_own_does(self, enrol: Enrol) -> None:
        client, passkey = enrol(person("ann@example.com"))
        forget_when_it_was_confirmed(client)
        client.post(AGAIN, {"credential": passkey.sign(options_in(client.get(AGAIN)))})
        assert client.get("/account/privacy/export/").status_code == 200

    def test_nobody_removes_another_s(self, enrol: Enrol) -> None:
        enrol(person("ann@example.com"))
        client, _ = enrol(person("bob@example.com"))
        anns = Authenticator.objects.get(user__email="ann@example.com", type="webauthn")
        for action in ("remove", "edit"):
            path = f"/account/second-step/webauthn/keys/{anns.pk}/{action}/"
            assert client.post(path, {"name": "Mine"}).status_code == 404
        anns.refresh_from_db()
        assert str(anns) == "Phone"

    def test_it_is_not_removed_without_asking_who_one_is(self, enrol: Enrol) -> None:
        client, _ = enrol(person("ann@example.com"))
        forget_when_it_was_confirmed(client)
        own = Authenticator.objects.get(type="webauthn")
        answer = client.post(f"/account/second-step/webauthn/keys/{own.pk}/remove/")
        assert answer["Location"].startswith("/account/reauthenticate/")
        assert Authenticator.objects.filter(pk=own.pk).exists()


def test_staff_enter_the_admin_with_a_passkey(enrol: Enrol, client: Client, settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True
    boss = person("ann@example.com", admin=True)
    log_in(client)
    assert client.get("/admin/")["Location"] == "/account/second-step/"
    _, passkey = enrol(boss)
    assert client.get("/admin/")["Location"].startswith("/account/login/"), "it was logged in by the password alone"
    assert log_in(client)["Location"] == SECOND
    assert client.get("/admin/")["Location"].startswith("/account/login/")
    client.post(SECOND, {"credential": passkey.sign(options_in(client.get(SECOND)))})
    assert client.get("/admin/").status_code == 200


def forget_when_it_was_confirmed(client: Client) -> None:
    session = client.session
    session["account_authentication_methods"] = [
        {**record, "at": record["at"] - 3600} for record in session["account_authentication_methods"]
    ]
    session.save()
