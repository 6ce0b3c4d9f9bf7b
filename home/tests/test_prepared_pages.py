"""Publishing makes the sizes of pictures that a page's templates ask for, so that no visitor waits."""

from typing import Any

import pytest
from wagtail.models import Page, PageViewRestriction, Site

from cms.models import CustomImage
from cms.tasks import missing_sizes, prepare_page
from cms.tests.factories import ImageFactory
from home.models import HomePage
from home.tests.factories import ContentPageFactory, StoryPageFactory

pytestmark = pytest.mark.django_db


def made(image: CustomImage) -> list[str]:
    return sorted(CustomImage.objects.get(pk=image.pk).sizes.get("made", {}))


STORY_SIZES = [
    "fill-1200x630|format-jpeg",
    "width-1024|format-avif",
    "width-1024|format-webp",
    "width-640|format-avif",
]


def test_publishing_makes_what_the_page_shows(home_page: HomePage, django_capture_on_commit_callbacks: Any) -> None:
    image = ImageFactory()
    story = StoryPageFactory(image=image, live=False)
    with django_capture_on_commit_callbacks(execute=True):
        story.save_revision().publish()
    # 1,000 pixels wide: the width beyond it shows it in full, and 1,600 would be the same file again.
    assert made(image) == STORY_SIZES
    assert missing_sizes(story) == {}


def test_saving_a_draft_makes_nothing(home_page: HomePage, django_capture_on_commit_callbacks: Any) -> None:
    image = ImageFactory()
    story = StoryPageFactory(image=image, live=False)
    with django_capture_on_commit_callbacks(execute=True):
        story.save_revision()
    assert made(image) == []
    prepare_page.func(story.pk)
    assert made(image) == []


def test_a_page_behind_https(home_page: HomePage, settings: Any) -> None:
    """The visit is not redirected to itself, whatever proxy the site expects."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    Site.objects.get().delete()
    Site.objects.create(hostname="shop.example", port=443, root_page=home_page, is_default_site=True)
    image = ImageFactory()
    prepare_page.func(StoryPageFactory(image=image).pk)
    assert made(image) == STORY_SIZES


def test_a_private_page_is_left_alone(home_page: HomePage) -> None:
    image = ImageFactory()
    story = StoryPageFactory(image=image)
    PageViewRestriction.objects.create(page=story, restriction_type="login")
    prepare_page.func(story.pk)
    assert made(image) == []


def test_a_page_outside_every_site(home_page: HomePage) -> None:
    root = Page.objects.get(depth=1)
    page = ContentPageFactory(parent=root, slug="outside")
    assert missing_sizes(page) == {}


def test_a_deleted_page_is_nothing_to_do() -> None:
    prepare_page.func(99_999)
