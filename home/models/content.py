"""The home page and free-form pages."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index
from wagtail.url_routing import RouteResult

from cms.models import BasePage
from cms.routing import find_page, fresh
from home.blocks import BODY_BLOCKS
from home.models.body import BodyPage


class HomePage(BodyPage):
    """The root of a site."""

    body = StreamField(BODY_BLOCKS, blank=True)

    page_description = "The first page of a shop."
    template = "pages/home/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "catalog.CategoryPage",
        "catalog.CollectionPage",
        "catalog.BrandIndexPage",
        "home.ContentPage",
        "home.StoryIndexPage",
    ]
    content_panels = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = "home page"

    @property
    def share_image(self) -> Any:
        return self.first_picture()

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """As Wagtail's, in one query. ``self`` may come from a cache and is never what is served."""
        if not path_components:
            return self._serve_or_404(request, fresh(self))
        page = find_page(self, path_components)
        if page is None:
            # No page has this address; a page that adds addresses of its own may still know it.
            result: RouteResult = super(HomePage, fresh(self)).route(request, path_components)
            return result
        return self._serve_or_404(request, page)

    def _serve_or_404(self, request: HttpRequest, page: BasePage) -> RouteResult:
        if page.pk == self.pk:
            if not page.live:
                raise Http404
            return RouteResult(page)
        found: RouteResult = page.route(request, [])
        return found


class ContentPage(BodyPage):
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

    page_description = "Advice, the shop's own story, a campaign: put together from blocks."
    template = "pages/home/content_page.html"
    served_with = (*BasePage.served_with, "image")
    parent_page_types = ["home.HomePage", "home.ContentPage"]
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

    @property
    def share_image(self) -> Any:
        return self.image or self.first_picture()

    @property
    def share_text(self) -> str:
        return str(self.intro)
