"""The journal: an index and its stories."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from cms.chrome import SOCIAL_IMAGE
from cms.models import BasePage
from cms.pictures import single_url
from cms.restrictions import public
from home.blocks import STORY_BLOCKS
from home.models.body import BodyPage

STORIES_PER_PAGE = 9
# How many other stories a story ends with.
MORE_STORIES = 3


class StoryIndexPage(BasePage):
    """Lists the stories below it, newest first."""

    intro = models.TextField(blank=True, max_length=600)

    page_description = "Lists the stories below it. A shop needs only one."
    template = "pages/home/story_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.StoryPage"]
    content_panels = [*BasePage.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = "journal"

    @property
    def share_text(self) -> str:
        return str(self.intro)

    def stories(self) -> "QuerySet[StoryPage]":
        """The public stories, newest first."""
        stories: QuerySet[StoryPage] = StoryPage.objects.child_of(self).live().select_related("image")
        return public(stories).order_by("-published_on", "-pk")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds ``stories``, the page of them that ``?page=`` asks for; any nonsense there is page one."""
        paginator = Paginator(self.stories(), STORIES_PER_PAGE)
        page_obj = paginator.get_page(request.GET.get("page"))
        return {
            **super().get_context(request, *args, **kwargs),
            "stories": page_obj.object_list,
            "page_obj": page_obj,
            "paginator": paginator,
            "page_range": list(paginator.get_elided_page_range(page_obj.number)),
        }


class StoryPage(BodyPage):
    """One story: words, pictures and the products it is about."""

    summary = models.CharField(
        max_length=300, blank=True, help_text="One or two sentences below the title and in the journal's list."
    )
    author = models.CharField(max_length=120, blank=True)
    published_on = models.DateField(default=timezone.localdate, db_index=True)
    image = models.ForeignKey(
        "cms.CustomImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Opens the story, stands in the journal's list and goes along when the story is shared.",
    )
    body = StreamField(STORY_BLOCKS, blank=True)

    page_description = "An article in the journal."
    template = "pages/home/story_page.html"
    served_with = (*BasePage.served_with, "image")
    open_graph_type = "article"
    parent_page_types = ["home.StoryIndexPage"]
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
        verbose_name_plural = "stories"

    @property
    def share_image(self) -> Any:
        return self.image or self.first_picture()

    @property
    def share_text(self) -> str:
        return str(self.summary)

    def more_stories(self) -> "list[StoryPage]":
        """The newest other public stories of the same journal."""
        others = StoryPage.objects.sibling_of(self, inclusive=False) if self.pk else StoryPage.objects.none()
        newest = public(others.live().select_related("image")).order_by("-published_on", "-pk")
        return list(newest[:MORE_STORIES])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds ``more_stories``."""
        return {**super().get_context(request, *args, **kwargs), "more_stories": self.more_stories()}

    def structured_data(self, request: HttpRequest | None) -> list[dict[str, Any]]:
        """An article."""
        root_url = self.site_root_url
        article: dict[str, Any] = {
            "@type": "Article",
            "headline": self.title,
            "mainEntityOfPage": self.full_url,
            "datePublished": self.published_on.isoformat(),
            "publisher": {"@id": f"{root_url}/#organization"},
        }
        if self.last_published_at:
            article["dateModified"] = self.last_published_at.isoformat()
        if self.author:
            article["author"] = {"@type": "Person", "name": self.author}
        if self.image:
            article["image"] = self.absolute(single_url(self.image, SOCIAL_IMAGE))
        return [article]
