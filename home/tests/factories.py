"""Pages of blocks for tests, live unless said otherwise."""

from datetime import date
from typing import Any

import factory
from wagtail.models import Page, Site

from home.models import ContentPage, HomePage, StoryIndexPage, StoryPage


def site_root() -> Page:
    """The root page of the default site."""
    root: Page = Site.objects.select_related("root_page").get(is_default_site=True).root_page
    return root


class PageFactory(factory.django.DjangoModelFactory):
    """A live page below ``parent`` (default: the site's root page)."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, parent: Page | None = None, **kwargs: Any) -> Page:
        # Fresh from the database: treebeard counts children on the instance it is given.
        parent = Page.objects.get(pk=(parent or site_root()).pk)
        return parent.add_child(instance=model_class(*args, **kwargs))


class HomePageFactory(PageFactory):
    title = "Home"
    parent = factory.LazyFunction(lambda: Page.objects.get(depth=1))

    class Meta:
        model = HomePage


class ContentPageFactory(PageFactory):
    title = factory.Sequence(lambda n: f"About {n}")

    class Meta:
        model = ContentPage


class StoryIndexPageFactory(PageFactory):
    title = "Journal"

    class Meta:
        model = StoryIndexPage


class StoryPageFactory(PageFactory):
    parent = factory.LazyFunction(StoryIndexPageFactory)
    title = factory.Sequence(lambda n: f"Story {n}")
    summary = "A day at the pottery."
    published_on = date(2026, 3, 1)

    class Meta:
        model = StoryPage


def body(*blocks: tuple[str, Any]) -> list[dict[str, Any]]:
    """The raw value of a body: ``body(("quote", {"text": ...}))``."""
    return [{"type": name, "value": value, "id": str(number)} for number, (name, value) in enumerate(blocks)]
