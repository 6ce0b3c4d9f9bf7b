"""What every answer tells the browser."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from home.models import HomePage
from storefront.headers import ResponseHeadersMiddleware


@pytest.mark.django_db
def test_the_headers_that_every_answer_carries(client: Client) -> None:
    response = client.get("/account/login/")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/no-such-page/", 404), ("/cart/", 200)])
def test_the_shops_pages_carry_a_policy_without_inline_scripts(
    client: Client, home_page: HomePage, path: str, status: int
) -> None:
    response = client.get(path)
    assert response.status_code == status
    rules = dict(rule.split(" ", 1) for rule in response["Content-Security-Policy"].split("; "))
    assert rules["script-src"] == "'self'"
    assert rules["style-src"] == "'self'"
    assert rules["object-src"] == "'none'"


@pytest.mark.django_db
def test_the_admin_has_one_that_leaves_its_inline_scripts(admin_client: Client) -> None:
    policy = admin_client.get("/admin/")["Content-Security-Policy"]
    assert policy == "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"


@pytest.mark.parametrize(
    ("content_type", "status", "debug", "expected"),
    [
        ("text/html; charset=utf-8", 200, False, True),
        ("text/html", 500, False, True),
        ("text/html", 500, True, False),
        ("application/json", 200, False, False),
    ],
)
def test_only_pages_of_ours_carry_it(
    settings: Any, content_type: str, status: int, debug: bool, expected: bool
) -> None:
    settings.DEBUG = debug
    middleware = ResponseHeadersMiddleware(lambda request: HttpResponse(status=status, content_type=content_type))
    assert middleware(RequestFactory().get("/")).has_header("Content-Security-Policy") is expected


def test_a_views_own_policy_stays() -> None:
    own = {"Content-Security-Policy": "default-src 'none'"}
    middleware = ResponseHeadersMiddleware(lambda request: HttpResponse(headers=own))
    assert middleware(RequestFactory().get("/"))["Content-Security-Policy"] == "default-src 'none'"
