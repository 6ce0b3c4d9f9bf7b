"""There is one login: Wagtail's own addresses lead to it."""

import pytest
from django.test import Client

from shop.accounts.tests.factories import AdminFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/admin/login/", "/_util/login/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_wagtails_logins_lead_to_the_login(client: Client, home_page: object, address: str, method: str) -> None:
    answer = getattr(client, method)(f"{address}?next=/admin/pages/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=%2Fadmin%2Fpages%2F")
    assert getattr(client, method)(address)["Location"] == "/account/login/?next=%2Fadmin%2F"


def test_the_admin_asks_to_log_in(client: Client, home_page: object) -> None:
    answer = client.get("/admin/pages/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/admin/pages/")


def test_forgotten_passwords_are_replaced_in_one_place(client: Client) -> None:
    answer = client.get("/admin/password_reset/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/password/reset/")
    assert client.get("/admin/password_reset/confirm/MQ/set-password/").status_code == 404


def test_logging_out_of_the_admin_is_logging_out(client: Client, home_page: object) -> None:
    client.force_login(AdminFactory())
    answer = client.post("/admin/logout/", follow=True)
    assert answer.redirect_chain == [("/account/logout/", 307), ("/", 302)]
    assert "_auth_user_id" not in client.session
