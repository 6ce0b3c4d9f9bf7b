"""Uploads as cameras and bad connections make them."""

import io
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as PillowImage
from PIL.ExifTags import Base

from cms import pictures
from cms.models import CustomImage

pytestmark = pytest.mark.django_db


def photograph(orientation: int) -> bytes:
    """1000 by 600 pixels, with a note how to turn them."""
    exif = PillowImage.Exif()
    exif[Base.Orientation] = orientation
    stream = io.BytesIO()
    PillowImage.effect_noise((1000, 600), 50).convert("RGB").save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def stored(data: bytes) -> CustomImage:
    image = CustomImage(title="Photograph", file=ImageFile(io.BytesIO(data), name="photograph.jpg"))
    image.save()
    return CustomImage.objects.get(pk=image.pk)


@pytest.mark.parametrize(
    ("orientation", "expected"), [(1, (1000, 600)), (3, (1000, 600)), (6, (600, 1000)), (8, (600, 1000))]
)
def test_width_and_height_are_those_of_the_upright_picture(orientation: int, expected: tuple[int, int]) -> None:
    image = stored(photograph(orientation))
    assert (image.width, image.height) == expected
    pictures.make(image, ["width-480|format-webp"])
    width, height = image.sizes["made"]["width-480|format-webp"][1:]
    assert (width, height) == (480, round(480 * expected[1] / expected[0]))


def test_a_renamed_picture_keeps_its_shape() -> None:
    image = stored(photograph(6))
    image.title = "A mug"
    image.save()
    assert (CustomImage.objects.get(pk=image.pk).width, image.height) == (600, 1000)


@pytest.mark.parametrize("data", [photograph(6)[:-400], photograph(1)[:300], b"GIF89a", b"\x89PNG\r\n\x1a\n"])
def test_a_damaged_upload_is_refused(data: bytes, admin_client: Client, home_page: Any) -> None:
    file = SimpleUploadedFile("mug.jpg", data, "image/jpeg")
    response = admin_client.post(reverse("wagtailimages:add"), {"title": "Mug", "file": file})
    assert response.status_code == 200
    assert "file" in response.context["form"].errors
    assert not CustomImage.objects.exists()


def test_a_damaged_upload_among_several_is_refused(admin_client: Client, home_page: Any) -> None:
    file = SimpleUploadedFile("mug.jpg", photograph(6)[:-400], "image/jpeg")
    response = admin_client.post(reverse("wagtailimages:add_multiple"), {"title": "Mug", "files[]": file})
    answer = response.json()
    assert answer["success"] is False
    assert "corrupted" in answer["error_message"]
