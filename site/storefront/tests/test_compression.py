"""Pages travel compressed, also where no web server stands in front."""

import gzip

import pytest
from django.test import Client


@pytest.mark.usefixtures("home_page")
def test_pages_are_compressed_for_browsers_that_say_so(client: Client) -> None:
    plain = client.get("/search/")
    packed = client.get("/search/", headers={"accept-encoding": "gzip"})
    assert plain.headers.get("Content-Encoding") is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2
