"""The e-mail address is the user name: in any case, at the model, the login and the command line."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from shop.accounts.models import User
from shop.accounts.tests.factories import PASSWORD, AdminFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_address_is_stored_in_lower_case_however_it_arrives() -> None:
    created = User.objects.create_user("  Ann.Archer@Example.COM ", PASSWORD)
    assert created.email == "ann.archer@example.com"
    saved = User(email="Bob@Example.com")
    saved.save()
    assert User.objects.get(pk=saved.pk).email == "bob@example.com"


def test_a_user_needs_an_address() -> None:
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user("", PASSWORD)


@pytest.mark.database
def test_the_same_address_in_another_case_is_refused() -> None:
    UserFactory(email="ann@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="ANN@example.com")])


@pytest.mark.parametrize("typed", ["ann@example.com", "Ann@Example.com", "ANN@EXAMPLE.COM"])
def test_login_in_any_case(typed: str) -> None:
    user = UserFactory(email="ann@example.com")
    assert authenticate(username=typed, password=PASSWORD) == user
    assert authenticate(username=typed, password="wrong") is None


def test_login_looks_the_address_up_by_its_index(django_assert_num_queries: Callable[..., Any]) -> None:
    UserFactory(email="ann@example.com")
    with django_assert_num_queries(1) as captured:
        User.objects.get_by_natural_key("ANN@example.com")
    assert "LIKE" not in captured[0]["sql"].upper()
    assert "UPPER" not in captured[0]["sql"].upper()


def test_names_for_people() -> None:
    assert UserFactory(first_name="Ann", last_name="Archer").get_full_name() == "Ann Archer"
    nameless = UserFactory(email="x@example.com", first_name="", last_name="")
    assert nameless.get_full_name() == "x@example.com"
    assert nameless.get_short_name() == "x@example.com"


def test_createsuperuser_makes_somebody_who_enters_the_admin(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, email="Root@Example.com", verbosity=0)
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("root@example.com", True, True)
    home = reverse("wagtailadmin_home")
    answer = client.post("/account/login/", {"login": "ROOT@example.com", "password": PASSWORD, "next": home})
    assert (answer.status_code, answer.headers["Location"]) == (302, home)


class TestAdminScreens:
    @pytest.fixture
    def admin(self, client: Client) -> Client:
        client.force_login(AdminFactory())
        return client

    def fields(self, **changes: Any) -> dict[str, Any]:
        return {
            "email": "New.Person@Example.com",
            "first_name": "New",
            "last_name": "Person",
            "password1": PASSWORD,
            "password2": PASSWORD,
            **changes,
        }

    def test_create(self, admin: Client) -> None:
        assert admin.get(reverse("wagtailusers_users:add")).status_code == 200
        answer = admin.post(reverse("wagtailusers_users:add"), self.fields())
        assert answer.status_code == 302
        user = User.objects.get(email="new.person@example.com")
        assert user.check_password(PASSWORD)
        assert (user.is_active, user.is_superuser) == (True, False)

    def test_a_taken_address_in_another_case_is_a_form_error(self, admin: Client) -> None:
        UserFactory(email="new.person@example.com")
        answer = admin.post(reverse("wagtailusers_users:add"), self.fields())
        assert answer.status_code == 200
        assert "This address is taken." in answer.content.decode()
        assert User.objects.filter(email="new.person@example.com").count() == 1

    def test_edit_keeps_the_password(self, admin: Client) -> None:
        user = UserFactory(email="ann@example.com")
        url = reverse("wagtailusers_users:edit", args=[user.pk])
        assert admin.get(url).status_code == 200
        answer = admin.post(url, self.fields(email="Ann.New@example.com", password1="", password2="", is_active="on"))
        assert answer.status_code == 302
        user.refresh_from_db()
        assert (user.email, user.first_name) == ("ann.new@example.com", "New")
        assert user.check_password(PASSWORD)

    def test_list_and_search(self, admin: Client) -> None:
        UserFactory(email="findme@example.com")
        UserFactory(email="other@example.com")
        page = admin.get(reverse("wagtailusers_users:index"), {"q": "findme"}).content.decode()
        assert "findme@example.com" in page
        assert "other@example.com" not in page


def test_which_letters_somebody_wants(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    page = client.get(reverse("accounts:letters"))
    # A choice stands there only if something goes by it.
    assert list(page.context["form"].fields) == ["wants_review_invitations"]
    client.post(reverse("accounts:letters"), {})
    user.refresh_from_db()
    assert user.wants_review_invitations is False
