"""What stands around every page: menus and the announcement bar. Drafted, approved and scheduled like pages."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, PublishingPanel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from cms.blocks.links import LinkBlock, validate_address
from cms.models.revisions import KeepsLiveVersion
from cms.references import PageBlock


class EditorialSnippet(
    KeepsLiveVersion, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model
):
    """Has drafts, scheduled publishing, revisions, workflow, locking and preview."""

    class Meta:
        abstract = True

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "pages/cms/chrome_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """The shop's usual surroundings with this object in the place of the published one."""
        from cms.chrome import preview_chrome

        return {**super().get_preview_context(request, mode_name), "chrome": preview_chrome(request, self)}


class MenuGroupBlock(blocks.StructBlock):
    """A heading with links below it: opens in the header, is a column in the footer."""

    label = blocks.CharBlock(max_length=60)
    page = PageBlock(required=False, help_text="Where the heading itself leads, if anywhere.")
    links = blocks.ListBlock(LinkBlock(required=True, collapsed=True), default=[], label="Links")

    class Meta:
        icon = "list-ul"
        label = "Group of links"
        collapsed = True
        label_format = "{label}"


class Menu(EditorialSnippet):
    """The links of the header or of the footer. One per place: plan a change by scheduling a revision of it."""

    class Location(models.TextChoices):
        HEADER = "header", "Header"
        FOOTER = "footer", "Footer"

    location = models.CharField(
        "place",
        max_length=10,
        choices=Location.choices,
        unique=True,
        error_messages={"unique": "This place has a menu already. Edit that one; a change can be scheduled."},
    )
    items = StreamField(
        [("link", LinkBlock(required=True, collapsed=True)), ("group", MenuGroupBlock())],
        blank=True,
        help_text="Drag to change the order. Links to pages that are not public are left out.",
    )

    panels = [FieldPanel("location", required_on_save=True), FieldPanel("items"), PublishingPanel()]

    class Meta:
        verbose_name = "menu"

    def __str__(self) -> str:
        return f"{self.get_location_display()} menu"


class Announcement(EditorialSnippet):
    """A line above every page. The one published last is shown."""

    text = models.CharField(max_length=140)
    page = models.ForeignKey("wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    url = models.CharField(
        "or address",
        max_length=500,
        blank=True,
        validators=[validate_address],
        help_text="Only if it is not a page of this site.",
    )

    panels = [
        HelpPanel("<p>To show it for a while only, set its dates under “Set schedule” in the status panel.</p>"),
        FieldPanel("text", required_on_save=True),
        MultiFieldPanel([FieldPanel("page"), FieldPanel("url")], heading="Where it leads"),
        PublishingPanel(),
    ]

    class Meta:
        verbose_name = "announcement"

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """One target at most."""
        super().clean()
        if self.page_id and self.url:
            raise ValidationError({"url": "Choose a page or give an address, not both."})
