"""What every answer tells the browser."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_the_headers_that_every_answer_carries(client: Client) -> None:
    response = client.get("/admin/login/")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
