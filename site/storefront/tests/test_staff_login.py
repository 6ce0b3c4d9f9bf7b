"""Guessing a password is slow."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from shop.accounts.models import User
from storefront.staff_login import GUESSES, RESETS

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
RESET = "/admin/password_reset/"
PASSWORD = "a-long-and-proper-password"


@pytest.fixture
def ann(home_page: object) -> User:
    return User.objects.create_superuser(email="ann@example.com", password=PASSWORD)


def guess(client: Client, password: str = "", name: str = "ann@example.com", **extra: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password or "wrong"}, **extra)


def test_the_eleventh_guess_is_not_looked_at(client: Client, ann: User) -> None:
    for _ in range(GUESSES.tries):
        assert guess(client).status_code == 200
    refused = guess(client, PASSWORD)
    assert refused.status_code == 429
    assert "Too many attempts. Please try again in" in refused.content.decode()
    assert int(refused["Retry-After"]) >= 60
    assert "_auth_user_id" not in client.session
    assert guess(Client(), PASSWORD, REMOTE_ADDR="203.0.113.9").status_code == 302, "Ann herself, from elsewhere"


def test_upper_case_is_the_same_name(client: Client, ann: User) -> None:
    statuses = [guess(client, name=name).status_code for name in ("ann@example.com", "ANN@example.com ") * 6]
    assert statuses == [200] * GUESSES.tries + [429] * 2


def test_a_name_that_nobody_has_is_answered_the_same(client: Client, ann: User) -> None:
    unknown = [guess(client, name="nobody@example.com").status_code for _ in range(GUESSES.tries + 1)]
    assert unknown == [200] * GUESSES.tries + [429]


def test_signing_in_goes_where_it_should(client: Client, ann: User) -> None:
    answer = client.post(f"{LOGIN}?next=/admin/pages/", {"username": "ann@example.com", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/pages/")


@pytest.mark.parametrize("name", ["ann@example.com", "nobody@example.com"])
def test_nobody_is_flooded_with_letters(client: Client, ann: User, name: str) -> None:
    statuses = [client.post(RESET, {"email": name}).status_code for _ in range(RESETS.tries + 2)]
    assert statuses == [302] * RESETS.tries + [429] * 2
    assert len(mail.outbox) == (RESETS.tries if name == ann.email else 0)
