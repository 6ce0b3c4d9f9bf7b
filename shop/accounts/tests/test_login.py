"""Logging in, signing up, new passwords: the flows from the first page to the last, and what they do not tell."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import mail
from django.test import Client, override_settings

from shop.accounts.limits import GUESSES, LINKS
from shop.accounts.models import User
from shop.accounts.services import vouch_for_address
from shop.accounts.tests.factories import PASSWORD, AdminFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page", "at_once")]
LOGIN, SIGNUP, RESET = "/account/login/", "/account/signup/", "/account/password/reset/"
NEW_PASSWORD = "another-long-password"


def words(answer: Any) -> str:
    """A page without what differs from request to request."""
    text = answer.content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)


def link_in(letter: Any) -> str:
    """The path that a letter's button leads to."""
    found = re.search(r"http://testserver(/account/\S+)", letter.body)
    assert found, letter.body
    return found[1]


def log_in(client: Client, email: str = "ann@example.com", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def change_address(client: Client, email: str) -> Any:
    """Ask for another address, and confirm by the password that it is oneself."""
    asked = client.post("/account/email/", {"email": email, "action_add": ""})
    assert asked["Location"] == "/account/reauthenticate/?next=%2Faccount%2Femail%2F"
    return client.post(asked["Location"], {"password": PASSWORD}, follow=True)


class TestSigningUp:
    def test_from_the_form_to_the_account(self, client: Client) -> None:
        assert "Create an account" in client.get(SIGNUP).content.decode()
        answer = client.post(SIGNUP, {"email": "New.Person@Example.com", "password1": PASSWORD}, follow=True)
        assert answer.redirect_chain == [("/account/confirm-email/", 302)]
        assert "We have sent you a letter." in answer.content.decode()
        assert "_auth_user_id" not in client.session
        letter = mail.outbox[0]
        assert (letter.to, letter.subject) == (["new.person@example.com"], "Welcome to Cornhill")
        html = str(letter.alternatives[0][0])  # type: ignore[union-attr]
        assert "Confirm your address" in html
        assert link_in(letter) in html
        page = client.get(link_in(letter)).content.decode()
        assert 'Is <strong class="breakable">new.person@example.com</strong> your e-mail address?' in page
        assert EmailAddress.objects.get().verified is False
        answer = client.post(link_in(letter), follow=True)
        assert answer.redirect_chain == [("/account/", 302)]
        assert "You are logged in as new.person@example.com." in answer.content.decode()
        assert EmailAddress.objects.get().verified is True

    def test_a_link_works_once_and_says_so(self, client: Client) -> None:
        client.post(SIGNUP, {"email": "ann@example.com", "password1": PASSWORD})
        link = link_in(mail.outbox[0])
        client.post(link)
        assert "This link does not work" in Client().get(link).content.decode()
        assert "This link does not work" in Client().get("/account/confirm-email/nonsense/").content.decode()

    def test_nobody_is_in_before_the_address_is_theirs(self, client: Client) -> None:
        client.post(SIGNUP, {"email": "ann@example.com", "password1": PASSWORD})
        answer = log_in(Client())
        assert (answer.status_code, answer["Location"]) == (302, "/account/confirm-email/")

    def test_a_weak_password_is_refused_in_plain_words(self, client: Client) -> None:
        page = client.post(SIGNUP, {"email": "ann@example.com", "password1": "short"}).content.decode()
        assert "This password is too short." in page
        assert get_user_model().objects.count() == 0


class TestWhatIsNotTold:
    def test_the_login_answers_the_same(self, ann: User) -> None:
        known = log_in(Client(), password="wrong")
        unknown = log_in(Client(), email="bob@example.com", password="wrong")
        assert known.status_code == unknown.status_code == 200
        assert words(known).replace("ann@", "bob@") == words(unknown)
        assert "The e-mail address or the password is not right." in words(known)

    def test_signing_up_answers_the_same_and_tells_the_owner(self, ann: User) -> None:
        answers = [
            Client().post(SIGNUP, {"email": email, "password1": PASSWORD}, follow=True)
            for email in ("ann@example.com", "bob@example.com")
        ]
        assert answers[0].redirect_chain == answers[1].redirect_chain
        assert words(answers[0]) == words(answers[1])
        assert [(letter.to, letter.subject) for letter in mail.outbox] == [
            (["ann@example.com"], "You have an account already"),
            (["bob@example.com"], "Welcome to Cornhill"),
        ]
        assert "Log in:\nhttp://testserver/account/login/\n" in mail.outbox[0].body

    def test_a_forgotten_password_is_answered_the_same(self, ann: User) -> None:
        answers = [
            Client().post(RESET, {"email": email}, follow=True) for email in ("ann@example.com", "bob@example.com")
        ]
        assert answers[0].redirect_chain == answers[1].redirect_chain
        assert words(answers[0]) == words(answers[1])
        assert [letter.subject for letter in mail.outbox] == [
            "Choose a new password",
            "There is no account with this address",
        ]

    def test_a_change_of_address_is_answered_the_same(self, ann: User) -> None:
        UserFactory(email="taken@example.com")
        seen = []
        for new in ("taken@example.com", "free@example.com"):
            client = Client()
            log_in(client)
            answer = change_address(client, new)
            seen.append((answer.redirect_chain, words(answer).replace(new, "NEW")))
        assert seen[0] == seen[1]

    @override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
    def test_about_the_same_time(self) -> None:
        user = UserFactory(email="ann@example.com")
        vouch_for_address(user=user)

        def seconds(act: Callable[[Client], Any]) -> float:
            took = []
            for _ in range(5):
                client = Client()
                started = time.perf_counter()
                act(client)
                took.append(time.perf_counter() - started)
            return sorted(took)[2]

        known = seconds(lambda client: log_in(client, password="wrong"))
        unknown = seconds(lambda client: log_in(client, email="bob@example.com", password="wrong"))
        assert 0.5 < known / unknown < 2
        taken = seconds(lambda client: client.post(SIGNUP, {"email": "ann@example.com", "password1": PASSWORD}))
        numbers = iter(range(100))
        free = seconds(
            lambda client: client.post(SIGNUP, {"email": f"x{next(numbers)}@example.com", "password1": PASSWORD})
        )
        assert 0.4 < taken / free < 2.5


class TestLimits:
    def test_the_eleventh_guess_is_not_looked_at(self, client: Client, ann: User) -> None:
        for _ in range(GUESSES.tries):
            assert log_in(client, password="wrong").status_code == 200
        refused = log_in(client)
        assert refused.status_code == 429
        assert "Too many attempts. Please try again in" in refused.content.decode()
        assert int(refused["Retry-After"]) >= 60
        assert "_auth_user_id" not in client.session
        assert log_in(Client(), REMOTE_ADDR="203.0.113.9").status_code == 302, "Ann herself, from elsewhere"

    def test_upper_case_is_the_same_name(self, client: Client, ann: User) -> None:
        names = ("ann@example.com", "ANN@example.com ") * 6
        statuses = [log_in(client, email=name, password="wrong").status_code for name in names]
        assert statuses == [200] * GUESSES.tries + [429] * 2

    def test_a_name_that_nobody_has_is_answered_the_same(self, client: Client) -> None:
        statuses = [log_in(client, email="x@example.com").status_code for _ in range(GUESSES.tries + 1)]
        assert statuses == [200] * GUESSES.tries + [429]

    @pytest.mark.parametrize("name", ["ann@example.com", "nobody@example.com"])
    def test_nobody_is_flooded_with_letters(self, client: Client, ann: User, name: str) -> None:
        statuses = [client.post(RESET, {"email": name}).status_code for _ in range(7)]
        assert statuses == [302] * 5 + [429] * 2
        assert len(mail.outbox) == 5

    @pytest.mark.parametrize(
        "path", ["/account/confirm-email/MQ:aaa:bbb/", "/account/password/reset/key/1-abc-0123456789/"]
    )
    def test_links_cannot_be_guessed(self, client: Client, path: str) -> None:
        statuses = [client.get(path).status_code for _ in range(LINKS.tries + 1)]
        assert statuses == [200] * LINKS.tries + [429]
        assert "There were too many attempts." in client.get(path).content.decode()

    def test_the_password_asked_for_again_cannot_be_guessed(self, client: Client, ann: User) -> None:
        client.force_login(ann)
        statuses = [client.post("/account/reauthenticate/", {"password": "x"}).status_code for _ in range(11)]
        assert statuses == [200] * 10 + [429]


class TestLoggingIn:
    def test_the_session_key_changes_and_what_is_in_the_session_stays(self, client: Client, ann: User) -> None:
        session = client.session
        session["kept"] = "yes"
        session.save()
        before = session.session_key
        answer = log_in(client)
        assert (answer.status_code, answer["Location"]) == (302, "/account/")
        assert client.session["kept"] == "yes"
        assert client.session.session_key != before

    @pytest.mark.parametrize(
        ("wanted", "reached"),
        [
            ("/checkout/", "/checkout/"),
            ("https://evil.example/", "/account/"),
            ("//evil.example/", "/account/"),
            ("javascript:alert(1)", "/account/"),
        ],
    )
    def test_it_leads_only_to_addresses_of_ours(self, client: Client, ann: User, wanted: str, reached: str) -> None:
        answer = client.post(LOGIN, {"login": ann.email, "password": PASSWORD, "next": wanted})
        assert (answer.status_code, answer["Location"]) == (302, reached)

    def test_staff_go_where_they_wanted(self, client: Client) -> None:
        admin = AdminFactory(email="ann@example.com")
        vouch_for_address(user=admin)
        answer = client.post(f"{LOGIN}?next=/admin/pages/", {"login": admin.email, "password": PASSWORD})
        assert answer["Location"] == "/admin/pages/"

    def test_a_shopper_does_not_go_back_and_forth_with_the_admin(self, client: Client, ann: User) -> None:
        client.force_login(ann)
        answer = client.get("/admin/", follow=True)
        assert answer.redirect_chain[-1] == ("/account/", 302)
        assert "Your account does not open the shop’s admin." in answer.content.decode().replace("&#x27;", "’")

    def test_the_browser_learns_that_somebody_is_logged_in_but_not_who(self, client: Client, ann: User) -> None:
        assert "logged_in" not in client.get(LOGIN).cookies
        assert log_in(client).cookies["logged_in"].value == "1"
        assert client.post("/account/logout/").cookies["logged_in"].value == ""

    def test_pages_of_the_account_are_kept_by_nobody(self, client: Client, ann: User) -> None:
        client.force_login(ann)
        for path in ("/account/", "/account/email/", "/account/password/change/", "/account/second-step/"):
            assert "no-store" in client.get(path)["Cache-Control"], path


class TestOtherDevices:
    def test_they_are_logged_out_and_this_one_is_not(self, ann: User) -> None:
        here, phone = Client(), Client()
        for browser in (here, phone):
            assert log_in(browser).status_code == 302
        key = here.session.session_key
        assert "Log out everywhere else" in here.get("/account/devices/").content.decode()
        assert phone.get("/account/").status_code == 200, "looking changes nothing"
        answer = here.post("/account/devices/", follow=True)
        assert "You are logged out everywhere but here." in answer.content.decode()
        assert here.session.session_key != key
        assert here.get("/account/").status_code == 200
        assert phone.get("/account/")["Location"].startswith("/account/login/")
        assert log_in(phone).status_code == 302

    def test_who_was_logged_in_before_the_first_time_stays_so(self, client: Client, ann: User, settings: Any) -> None:
        """The same hash as Django's own, also by a secret that was used before."""
        assert ann.get_session_auth_hash() == AbstractBaseUser.get_session_auth_hash(ann)
        client.force_login(ann)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another"
        assert client.get("/account/").status_code == 200

    def test_it_is_nothing_for_strangers_or_other_sites(self, ann: User) -> None:
        assert Client().post("/account/devices/")["Location"].startswith("/account/login/")
        checking = Client(enforce_csrf_checks=True)
        checking.force_login(ann)
        assert checking.post("/account/devices/").status_code == 403
        ann.refresh_from_db()
        assert ann.login_round == ""


class TestPasswords:
    def test_a_forgotten_one_is_replaced(self, client: Client, ann: User) -> None:
        client.post(RESET, {"email": ann.email})
        link = link_in(mail.outbox[0])
        form = client.get(link, follow=True)
        path = form.redirect_chain[-1][0]
        assert "Choose a new password" in form.content.decode()
        answer = client.post(path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True)
        assert "Your password is changed" in answer.content.decode()
        assert mail.outbox[-1].subject == "Your password was changed"
        assert log_in(Client()).status_code == 200
        assert log_in(Client(), password=NEW_PASSWORD).status_code == 302
        assert "This link does not work" in Client().get(link).content.decode()

    def test_a_changed_one_logs_other_devices_out(self, client: Client, ann: User) -> None:
        elsewhere = Client()
        log_in(elsewhere)
        log_in(client)
        answer = client.post(
            "/account/password/change/",
            {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
            follow=True,
        )
        assert "Your new password is saved." in answer.content.decode()
        assert elsewhere.get("/account/").status_code == 302
        assert client.get("/account/").status_code == 200


class TestTheAddress:
    def test_it_changes_when_the_new_one_is_confirmed(self, client: Client, ann: User) -> None:
        log_in(client)
        page = change_address(client, "ann.new@example.com").content.decode()
        assert 'You asked to change it to <strong class="breakable">ann.new@example.com</strong>.' in page
        assert User.objects.get(pk=ann.pk).email == "ann@example.com"
        letter = next(letter for letter in mail.outbox if letter.to == ["ann.new@example.com"])
        client.post(link_in(letter))
        assert User.objects.get(pk=ann.pk).email == "ann.new@example.com"
        told = mail.outbox[-1]
        assert (told.to, told.subject) == (["ann@example.com"], "Your e-mail address was changed")

    def test_it_asks_for_the_password_again(self, client: Client, ann: User) -> None:
        client.force_login(ann)
        answer = client.post("/account/email/", {"email": "ann.new@example.com", "action_add": ""})
        assert answer["Location"].startswith("/account/reauthenticate/")
        assert EmailAddress.objects.filter(email="ann.new@example.com").count() == 0


def test_whoever_is_entered_in_the_admin_can_log_in_at_once(client: Client) -> None:
    client.force_login(AdminFactory())
    fields = {"email": "New@Example.com", "first_name": "N", "last_name": "P", "password1": PASSWORD}
    client.post("/admin/users/new/", {**fields, "password2": PASSWORD})
    assert log_in(Client(), email="new@example.com")["Location"] == "/account/"
