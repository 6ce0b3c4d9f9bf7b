"""The abstract base of every page type."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page


class BasePage(Page):
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
        MultiFieldPanel([FieldPanel("show_in_menus")], heading="Navigation"),
    ]

    class Meta:
        abstract = True

    def structured_data(self, request: HttpRequest) -> list[dict[str, Any]]:
        """JSON-LD objects of this page, beside the breadcrumbs and organisation that every page has."""
        return []
