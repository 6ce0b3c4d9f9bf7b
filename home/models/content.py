"""The home page and free-form pages."""

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

    body = StreamField(BODY_BLOCKS, blank=True)

    template = "pages/home/content_page.html"
    subpage_types = ["home.ContentPage"]
    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = "content page"
