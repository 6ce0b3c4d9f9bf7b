"""NUL characters are refused at the door."""

import pytest
from django.test import Client

from storefront.guards import NUL

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
