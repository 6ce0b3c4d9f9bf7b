"""Uploads that are no whole picture."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.images.fields import WagtailImageField

from cms import broken_images
from cms.models import CustomImage


def whole() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (50, 50)).save(file, "PNG")
    return file.getvalue()


def without_size() -> bytes:
    header = struct.pack(">IIBBBBB", 0, 0, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + zlib.crc32(b"IHDR" + header).to_bytes(4)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [whole()[:60], whole()[:30], without_size(), b"<script>", b""])
def test_the_editor_reads_what_is_wrong(admin_client: Client, content: bytes) -> None:
    upload = SimpleUploadedFile("mug.png", content)
    answer = admin_client.post("/admin/images/add/", {"title": "Mug", "file": upload})
    assert answer.status_code == 200
    assert answer.context["form"].has_error("file")
    assert not CustomImage.objects.exists()


def test_the_original_still_needs_it() -> None:
    """Fails once Wagtail says so itself: then ``cms/broken_images.py`` can go."""
    with pytest.raises(Exception) as caught:  # noqa: PT011  (which one is Pillow's business)
        broken_images.original(WagtailImageField(), SimpleUploadedFile("mug.png", whole()[:60]))
    assert not isinstance(caught.value, ValidationError)
