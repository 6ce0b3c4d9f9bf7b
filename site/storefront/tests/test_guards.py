"""NUL characters are refused at the door, claims of strange character sets are not believed."""

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory

from storefront import asgi, wsgi
from storefront.guards import NUL, ForgivingASGIRequest, ForgivingWSGIRequest

pytestmark = pytest.mark.django_db  # the page that says so shows the shop around it


@pytest.mark.parametrize("query", ["q=%00", "q=mug%00", "%00=1", "a=1&b=%2500&c=%00"])
def test_a_nul_in_the_query_is_a_bad_request(client: Client, query: str) -> None:
    assert client.get("/search/", QUERY_STRING=query).status_code == 400


def test_a_nul_in_the_path_is_a_bad_request(client: Client) -> None:
    assert client.get("/mugs/%00/").status_code == 400


@pytest.mark.parametrize("data", [{"sku": f"MUG{NUL}"}, {f"sku{NUL}": "MUG"}])
def test_a_nul_in_a_form_is_a_bad_request(client: Client, data: dict[str, str]) -> None:
    assert client.post("/cart/add/", data).status_code == 400
    body = "&".join(f"{name}={value}" for name, value in data.items()).replace(NUL, "%00")
    response = client.post("/cart/add/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400


def test_an_encoded_percent_sign_before_00_is_no_nul(client: Client) -> None:
    response = client.get("/admin/login/", QUERY_STRING="next=100%2500")
    assert response.status_code != 400


@pytest.mark.database
def test_a_nul_in_a_cookie_is_a_bad_request(client: Client) -> None:
    assert client.get("/cart/", HTTP_COOKIE=r'sessionid="abcdefgh\000"').status_code == 400
    assert client.get("/cart/", HTTP_COOKIE=r'note="\\000"').status_code == 200


@pytest.mark.parametrize("charset", ["base64", "idna", "undefined", "utf-16", "latin-1", "unheard-of", "UTF8"])
def test_a_claim_of_another_character_set_is_not_believed(charset: str) -> None:
    asked = RequestFactory().get("/search/", QUERY_STRING="q=caf%C3%A9").environ
    request = ForgivingWSGIRequest(asked | {"CONTENT_TYPE": f"text/plain; charset={charset}"})
    assert request.GET["q"] == "café"
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    form = "--x\r\nContent-Disposition: form-data; name=sku\r\n\r\nTASSE-CAFÉ\r\n--x--\r\n"
    sent = RequestFactory().generic("POST", "/cart/add/", form).environ
    assert ForgivingWSGIRequest(sent | {"CONTENT_TYPE": kind}).POST["sku"] == "TASSE-CAFÉ"


@pytest.mark.parametrize("header", ["text/plain; charset=base64", "text/plain; a*=unheard-of''%41"])
def test_django_still_needs_it(header: str) -> None:
    with pytest.raises((LookupError, ValueError)):
        WSGIRequest(RequestFactory().get("/?q=mug").environ | {"CONTENT_TYPE": header})


def test_a_content_type_that_cannot_be_read_is_taken_for_none() -> None:
    environ = RequestFactory().get("/").environ | {"CONTENT_TYPE": "text/plain; a*=unheard-of''%41"}
    assert ForgivingWSGIRequest(environ).content_type == ""


def test_both_entry_points_use_it() -> None:
    assert wsgi.application.request_class is ForgivingWSGIRequest
    assert asgi.application.request_class is ForgivingASGIRequest
