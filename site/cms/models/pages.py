"""The abstract base of every page type."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from cms import restrictions
from cms.models.revisions import KeepsLiveVersion

# Depth of a site's home page in treebeard's terms; the tree's own root has 1.
HOME_DEPTH = 2


class BasePage(KeepsLiveVersion, Page):
    """A page of the site: search-engine title and description come from Wagtail, the social image from here.

    A concrete page's body must be the same for every visitor: it reads no session, no user and no token.
    """

    social_image = models.ForeignKey(
        "cms.CustomImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown where the page is shared. Empty: the page's own picture, else the shop's.",
    )

    # What serving joins to the page's own row, so that templates need no further query: names of foreign keys.
    served_with: ClassVar[tuple[str, ...]] = ("social_image",)
    # Open Graph's word for what the page is.
    open_graph_type: ClassVar[str] = "website"

    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("social_image"),
            ],
            heading="Search engines and sharing",
        ),
    ]

    class Meta:
        abstract = True

    def structured_data(self, request: HttpRequest | None) -> list[dict[str, Any]]:
        """JSON-LD objects of this page, beside the breadcrumbs and organisation that every page has."""
        return []

    @property
    def share_image(self) -> Any:
        """The page's own picture, for sharing where no social image is chosen; None without one."""
        return None

    @property
    def share_text(self) -> str:
        """Words that describe the page where it has no search description."""
        return ""

    @cached_property
    def breadcrumbs(self) -> list[tuple[str, str]]:
        """Title and address of each page from the home page down to this one; one query, none for a home page."""
        # Below the tree's root lie home pages. A page that was never saved (a preview) has no place in the tree yet.
        above = self.get_ancestors() if self.pk and self.depth > HOME_DEPTH else Page.objects.none()
        pages = [*above.filter(depth__gte=HOME_DEPTH).live().only("pk", "title", "url_path", "depth", "live"), self]
        return [(page.title, page.get_url() or "") for page in pages]

    @property
    def site_root_url(self) -> str:
        """Scheme and host of the site that the page belongs to, from its Site record; empty where it has none."""
        parts = self.get_url_parts()
        return parts[1] or "" if parts else ""

    def absolute(self, url: str) -> str:
        """An address on this page's site with scheme and host; one that has them stays as it is."""
        return self.site_root_url + url if url.startswith("/") else url

    def get_view_restrictions(self) -> Any:
        """As Wagtail's, but no query where nothing on the site is restricted above this page."""
        if not restrictions.may_apply(self.path):
            return []
        return super().get_view_restrictions()
