"""What a shop decides about its search as a whole."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="search", order=200)
class SearchSettings(BaseGenericSetting):
    """One row, or none while everything is as it was at the beginning."""

    suggest_queries = models.BooleanField(
        "suggest what others have asked",
        default=True,
        help_text="Shoppers who begin to type are offered what at least three others have asked. Single queries are "
        "switched off under Search, Past queries.",
    )

    panels = [FieldPanel("suggest_queries")]

    class Meta:
        verbose_name = "search"
        verbose_name_plural = "search"
