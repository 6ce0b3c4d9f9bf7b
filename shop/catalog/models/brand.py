"""The maker of a product."""

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, PublishingPanel
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index

from cms.models import KeepsLiveVersion


class Brand(
    KeepsLiveVersion,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    models.Model,
):
    """A snippet: drafted, previewed, approved and scheduled like a page."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=140, unique=True, allow_unicode=True)
    description = RichTextField(blank=True, features=["bold", "italic", "link", "ol", "ul"])
    logo = models.ForeignKey("cms.CustomImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    website = models.URLField(blank=True)

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="brand")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="brand",
        for_concrete_model=False,
    )

    panels = [
        FieldPanel("name", required_on_save=True),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("logo"),
        FieldPanel("website"),
        PublishingPanel(),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name"), index.FilterField("live")]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def revisions(self) -> Any:
        return self._revisions

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "pages/catalog/brand_preview.html"
