"""Uploaded pictures are served, documents and everything else are not."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    for name in ("images/mug.webp", "original_images/mug.png", "documents/invoice.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"content of " + name.encode())
    (tmp_path / "secret.txt").write_text("keep out")
    return tmp_path


@pytest.mark.django_db
def test_a_picture_is_served_and_kept_by_browsers(client: Client, media: Path) -> None:
    response: Any = client.get("/media/images/mug.webp")
    assert b"".join(response.streaming_content) == b"content of images/mug.webp"
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "documents/invoice.pdf",
        "secret.txt",
        "images/../secret.txt",
        "images/../documents/invoice.pdf",
        "images/none",
        "images/" + "x" * 300,
    ],
)
def test_nothing_else_is_served(client: Client, media: Path, path: str) -> None:
    response = client.get(f"/media/{path}")
    assert response.status_code == 404
