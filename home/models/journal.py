"""The journal: an index and its stories."""

from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from cms.models import BasePage
from home.blocks import STORY_BLOCKS


class StoryIndexPage(BasePage):
    """Lists the stories below it, newest first."""

    intro = models.TextField(blank=True, max_length=600)

    template = "pages/home/story_index_page.html"
    subpage_types = ["home.StoryPage"]
    content_panels = [*BasePage.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = "journal"


class StoryPage(BasePage):
    """One story: words, pictures and the products it is about."""

    summary = models.CharField(max_length=300, blank=True)
    author = models.CharField(max_length=120, blank=True)
    published_on = models.DateField(default=timezone.localdate)
    image = models.ForeignKey("cms.CustomImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    body = StreamField(STORY_BLOCKS, blank=True)

    template = "pages/home/story_page.html"
    subpage_types: list[str] = []
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("author"), FieldPanel("published_on")], heading="By line"),
        FieldPanel("image"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.FilterField("published_on"),
    ]

    class Meta:
        verbose_name = "story"
