"""Responsive pictures: the right sizes, made by whom, and shown without a look-up."""

import re
from typing import Any

import pytest
from django.template import Context, Template

from cms import pictures
from cms.models import CustomImage
from cms.tasks import make, prepare_upload
from cms.tests.factories import ImageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def image() -> CustomImage:
    return ImageFactory(title="Stoneware mug", description="A chalk white mug")


def render(source: str, **context: Any) -> str:
    return Template("{% load cms_tags %}" + source).render(Context(context))


def without_hashes(html: str) -> str:
    """File names end in a random part where a name is taken."""
    return re.sub(r"/media/images/[^ \"]*?\.(width|fill)-", r"/media/images/X.\1-", html)


@pytest.mark.parametrize(
    ("widths", "ratio", "expected"),
    [
        ((480, 800, 1200), "", [480, 800, 1200]),
        ((480, 800, 1200, 1600), "", [480, 800, 1200]),
        ((320, 640), "", [320, 640]),
        ((1200, 1600), "", [1200]),
        ((480, 800, 1200), "1x1", [480, 800]),
        ((480, 1024), "4x3", [480, 1024]),
    ],
)
def test_nothing_is_enlarged(image: CustomImage, widths: tuple[int, ...], ratio: str, expected: list[int]) -> None:
    """1000 by 800 pixels: the first width beyond the image shows it in full, wider ones would be the same file."""
    assert pictures.usable_widths(image, widths, ratio) == expected


@pytest.mark.parametrize(
    ("ratio", "expected"), [("", (1000, 800)), ("1x1", (800, 800)), ("16x9", (1000, 562)), ("3x4", (600, 800))]
)
def test_width_and_height_keep_the_place(image: CustomImage, ratio: str, expected: tuple[int, int]) -> None:
    assert pictures.shape(image, ratio) == expected


def test_names_are_wagtails() -> None:
    assert pictures.spec(800, "webp") == "width-800|format-webp"
    assert pictures.spec(800, "avif", "4x3") == "fill-800x600|format-avif"


def test_the_markup(image: CustomImage) -> None:
    pictures.make(image, pictures.specs(image, (480, 800)))
    html = render('{% responsive_image image sizes="50vw" widths="480,800" class="round" %}', image=image)
    assert without_hashes(html) == (
        '<picture><source type="image/avif" srcset="/media/images/X.width-480.format-avif.avif 480w, '
        '/media/images/X.width-800.format-avif.avif 800w" sizes="50vw">'
        '<img src="/media/images/X.width-800.format-webp.webp" '
        'alt="A chalk white mug" width="1000" height="800" class="round" loading="lazy" decoding="async">'
        "</picture>"
    )


def test_eager_pictures_are_fetched_first(image: CustomImage) -> None:
    html = render("{% responsive_image image eager=True %}", image=image)
    assert 'fetchpriority="high"' in html
    assert "loading=" not in html


@pytest.mark.parametrize(
    ("argument", "expected"),
    [("", 'alt="A chalk white mug"'), ('alt=""', 'alt=""'), ("alt=words", 'alt="A &quot;mug&quot; &gt; a cup"')],
)
def test_text_alternative(image: CustomImage, argument: str, expected: str) -> None:
    assert expected in render("{% responsive_image image " + argument + " %}", image=image, words='A "mug" > a cup')


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_image_is_nothing(nothing: Any) -> None:
    assert render("{% responsive_image image %}", image=nothing) == ""


def test_shown_without_a_query(image: CustomImage, django_assert_num_queries: Any) -> None:
    pictures.make(image, pictures.specs(image, (480, 800)))
    stored = CustomImage.objects.get(pk=image.pk)
    with django_assert_num_queries(0):
        render('{% responsive_image image widths="480,800" %}', image=stored)


def test_a_missing_size_is_made_in_a_task_and_asked_for_once(
    image: CustomImage, django_capture_on_commit_callbacks: Any
) -> None:
    html = render('{% responsive_image image widths="480" %}', image=image)
    assert f'src="{image.file.url}"' in html, "until then the upload itself is shown"
    with django_capture_on_commit_callbacks() as asked:
        render('{% responsive_image image widths="480" %}', image=image)
    assert asked == []


def test_the_task_makes_what_was_asked(image: CustomImage, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        render('{% responsive_image image widths="480" ratio="1x1" %}', image=image)
    stored = CustomImage.objects.get(pk=image.pk)
    assert sorted(stored.sizes["made"]) == ["fill-480x480|format-avif", "fill-480x480|format-webp"]
    assert [entry[1:] for entry in stored.sizes["made"].values()] == [[480, 480], [480, 480]]


def test_upload_makes_the_usual_sizes(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        image = ImageFactory()
    stored = CustomImage.objects.get(pk=image.pk)
    assert sorted(stored.sizes["made"]) == [
        "width-1200|format-avif",
        "width-480|format-avif",
        "width-800|format-avif",
        "width-800|format-webp",
    ]
    assert stored.renditions.count() == 4


def test_making_again_makes_nothing(image: CustomImage, django_assert_num_queries: Any) -> None:
    wanted = pictures.specs(image, (480,))
    pictures.make(image, wanted)
    files = sorted(image.renditions.values_list("file", flat=True))
    pictures.make(CustomImage.objects.get(pk=image.pk), wanted)
    assert sorted(image.renditions.values_list("file", flat=True)) == files


def move_focus(image: CustomImage) -> None:
    image.focal_point_x = 10


def replace_file(image: CustomImage) -> None:
    image.file = ImageFactory().file


@pytest.mark.parametrize("change", [move_focus, replace_file])
def test_sizes_are_void_after_a_change(image: CustomImage, change: Any) -> None:
    pictures.make(image, pictures.specs(image, (480,)))
    change(image)
    with pictures.collecting() as missing:
        assert pictures.sizes(image, ["width-480|format-webp"]) == {}
    assert missing == {image.pk: {"width-480|format-webp"}}


def test_a_lost_file_is_logged_and_harmless(image: CustomImage, caplog: Any) -> None:
    image.file.storage.delete(image.file.name)
    make(image.pk)
    assert "has no usable file" in caplog.text
    assert CustomImage.objects.get(pk=image.pk).sizes == {}


def test_a_deleted_image_is_nothing_to_do() -> None:
    prepare_upload.func(99_999)


def test_every_width_in_the_templates_is_on_the_ladder(settings: Any) -> None:
    """Few widths shared by all templates keep the number of files per image small."""
    folder = settings.BASE_DIR / "templates" if hasattr(settings, "BASE_DIR") else settings.TEMPLATES[0]["DIRS"][0]
    used = {
        int(width)
        for template in folder.rglob("*.html")
        for widths in re.findall(r'responsive_image [^%]*widths="([^"]+)"', template.read_text())
        for width in widths.split(",")
    }
    assert used
    assert used <= set(pictures.WIDTHS)
