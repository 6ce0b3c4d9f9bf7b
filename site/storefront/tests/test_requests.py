"""Every request has an id, on its log lines and in its answer."""

import json
import logging
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch

from storefront.requests import (
    JsonLogFormatter,
    RequestIdFilter,
    RequestIdMiddleware,
    SecretLinkFilter,
    current_request_id,
    loggable_path,
)


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(current_request_id())


def test_an_id_is_made_and_returned() -> None:
    response = RequestIdMiddleware(answer)(RequestFactory().get("/"))
    assert len(response["X-Request-ID"]) == 32
    assert response.content.decode() == response["X-Request-ID"]  # type: ignore[attr-defined]  # a plain response
    assert current_request_id() == "-"


def test_a_sane_id_from_the_proxy_is_kept() -> None:
    response = RequestIdMiddleware(answer)(RequestFactory().get("/", headers={"X-Request-ID": "edge-2026.11:42"}))
    assert response["X-Request-ID"] == "edge-2026.11:42"


@pytest.mark.parametrize("given", ["short", "x" * 129, 'forged" "level": "info', "line\nbreak-injected", "ünïcödé-id"])
def test_an_id_that_could_forge_a_log_line_is_replaced(given: str) -> None:
    response = RequestIdMiddleware(answer)(RequestFactory().get("/", HTTP_X_REQUEST_ID=given))
    assert response["X-Request-ID"] != given
    assert len(response["X-Request-ID"]) == 32


def test_the_id_does_not_outlive_a_request_that_fails() -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        RequestIdMiddleware(fail)(RequestFactory().get("/"))
    assert current_request_id() == "-"


@pytest.mark.django_db
def test_the_middleware_reads_neither_session_nor_user(client: Client) -> None:
    response = client.get("/health/", headers={"X-Request-ID": "from-the-proxy"})
    assert response["X-Request-ID"] == "from-the-proxy"
    assert not RequestIdMiddleware(answer)(RequestFactory().get("/")).cookies


def test_a_log_line_is_one_json_object_with_the_id(caplog: pytest.LogCaptureFixture, settings: Any) -> None:
    settings.LOG_REQUESTS = True
    caplog.handler.addFilter(RequestIdFilter())
    with caplog.at_level(logging.INFO, "storefront.requests"):
        RequestIdMiddleware(answer)(RequestFactory().get("/mugs/?q=secret", headers={"X-Request-ID": "12345678"}))
    (record,) = caplog.records
    line = json.loads(JsonLogFormatter().format(record))
    assert next(iter(line)) == "time"
    assert line.pop("time").endswith("+00:00")
    assert line.pop("duration_ms") >= 0
    assert line == {
        "level": "INFO",
        "logger": "storefront.requests",
        "message": "GET /mugs/ 200",
        "request_id": "12345678",
        "status": 200,
    }


def test_a_probe_leaves_a_line_only_when_it_fails(caplog: pytest.LogCaptureFixture, settings: Any) -> None:
    settings.LOG_REQUESTS = True
    with caplog.at_level(logging.INFO, "storefront.requests"):
        RequestIdMiddleware(answer)(RequestFactory().get("/ready/"))
        RequestIdMiddleware(lambda request: HttpResponse(status=503))(RequestFactory().get("/ready/"))
    assert [record.getMessage() for record in caplog.records] == ["GET /ready/ 503"]


def test_an_exception_is_in_the_json_and_the_request_object_is_not() -> None:
    try:
        raise ValueError("out of tea")
    except ValueError as problem:
        record = logging.LogRecord("shop", logging.ERROR, __file__, 1, "Failed", None, (type(problem), problem, None))
    record.request = RequestFactory().get("/?card=4242")
    line = json.loads(JsonLogFormatter().format(record))
    assert "ValueError: out of tea" in line["exception"]
    assert "request" not in line
    assert "4242" not in str(line)


def test_a_secret_link_is_logged_as_its_pattern() -> None:
    request = RequestFactory().get("/orders/very-secret/")
    request.resolver_match = ResolverMatch(answer, (), {"token": "very-secret"}, route="orders/<str:token>/")
    assert loggable_path(request) == "/orders/<str:token>/"


@pytest.mark.parametrize("method", ["get", "post", "put"])
@pytest.mark.parametrize("path", ["/orders/very-secret/", "/orders/very-secret", "/checkout/confirm/very-secret/"])
@pytest.mark.django_db
def test_no_log_line_names_a_secret_link(
    method: str, path: str, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.LOG_REQUESTS = True
    caplog.handler.addFilter(SecretLinkFilter())
    with caplog.at_level(logging.INFO):
        getattr(Client(enforce_csrf_checks=True), method)(path)
    assert "<str:token>" in caplog.text
    assert "very-secret" not in caplog.text


def test_a_line_break_in_an_address_forges_no_line() -> None:
    assert loggable_path(RequestFactory().get("/mugs/%0aINFO: paid/")) == "/mugs/%0AINFO:%20paid/"
