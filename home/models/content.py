"""The home page and free-form pages."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from cms.models import BasePage
from home.blocks import BODY_BLOCKS


class HomePage(BasePage):
    """The root of a site."""

    body = StreamField(BODY_BLOCKS, blank=True)

    template = "pages/home/home_page.html"
    subpage_types = ["catalog.CategoryPage", "home.ContentPage", "home.StoryIndexPage"]
    content_panels = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = "home page"


class ContentPage(BasePage):
    """A page of blocks: about us, delivery, a landing page for a campaign."""

    intro = models.TextField(blank=True, max_length=600, help_text="One or two sentences below the title.")
    image = models.ForeignKey(
        "cms.CustomImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Stands at the top of the page and goes along when the page is shared.",
    )
    body = StreamField(BODY_BLOCKS, blank=True)

    template = "pages/home/content_page.html"
    subpage_types = ["home.ContentPage"]
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("image"),
        FieldPanel("body"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("intro"), index.SearchField("body")]

    class Meta:
        verbose_name = "content page"
