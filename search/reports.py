"""What shoppers have searched for, as a report: all of it, what found nothing, what hardly anybody followed."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Case, F, FloatField, Q, QuerySet, Sum, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from cms.spreadsheets import SafeExportMixin
from search.models import LoggedQuery

# Searches below which a low share of clicks says nothing, and the share below which it is low.
ASKED_ENOUGH = 5
FOLLOWED_LOW = 0.2
DEFAULT_PERIOD = 30
PERIODS = {7: "The last week", DEFAULT_PERIOD: "The last 30 days", 90: "The last 90 days"}
OUTCOMES = (("nothing", "Found nothing"), ("ignored", "Hardly ever followed"))


class SearchReportFilterSet(WagtailFilterSet):
    """The period is read by the view, which counts within it."""

    period = django_filters.ChoiceFilter(
        label="Period",
        choices=[(str(days), label) for days, label in PERIODS.items() if days != DEFAULT_PERIOD],
        empty_label=PERIODS[DEFAULT_PERIOD],
        method="any_period",
    )
    outcome = django_filters.ChoiceFilter(label="Outcome", choices=OUTCOMES, method="by_outcome", empty_label="Any")

    class Meta:
        model = LoggedQuery
        fields: list[str] = []

    def any_period(self, queries: Any, name: str, value: str) -> Any:
        return queries

    def by_outcome(self, queries: Any, name: str, value: str) -> Any:
        if value == "nothing":
            return queries.filter(without__gt=0).order_by("-without", "query")
        ignored = queries.filter(asked__gte=ASKED_ENOUGH, without__lt=F("asked"), share__lt=FOLLOWED_LOW)
        return ignored.order_by("-asked", "query")


class SearchReportView(SafeExportMixin, ReportView):
    """One query for the rows, whatever they are filtered by."""

    page_title = "Searches"
    header_icon = "search"
    index_url_name = "search_report"
    index_results_url_name = "search_report_results"
    permission_policy = ModelPermissionPolicy(LoggedQuery)
    any_permission_required = {"view", "change"}
    filterset_class = SearchReportFilterSet
    default_ordering = ["-asked", "query"]
    is_searchable = False
    columns = [
        Column("query", label="Search"),
        Column("asked", label="Searches", sort_key="asked"),
        Column("without", label="Found nothing", sort_key="without"),
        Column("found", label="Products with all words", sort_key="found"),
        Column("followed", label="Followed", sort_key="followed"),
        Column("percent", label="Share followed", sort_key="share"),
    ]
    list_export = ["query", "asked", "without", "found", "followed", "percent"]
    export_headings = {
        "query": "Search",
        "asked": "Searches",
        "without": "Found nothing",
        "found": "Products with all words",
        "followed": "Followed",
        "percent": "Share followed",
    }
    export_filename = "searches"

    @cached_property
    def days(self) -> int:
        """Of the period that is shown."""
        asked = self.request.GET.get("period", "")
        return int(asked) if asked in map(str, PERIODS) else DEFAULT_PERIOD

    def get_queryset(self) -> "QuerySet[LoggedQuery]":
        within = Q(days__day__gt=timezone.localdate() - timedelta(self.days))
        counted = LoggedQuery.objects.annotate(
            asked=Sum("days__searches", filter=within, default=0),
            without=Sum("days__empty", filter=within, default=0),
            followed=Sum("days__clicks", filter=within, default=0),
        ).filter(asked__gt=0)
        share = Case(
            When(asked=0, then=Value(0.0)), default=1.0 * F("followed") / F("asked"), output_field=FloatField()
        )
        return self.order_queryset(counted.annotate(share=share))

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        for logged in object_list:
            logged.percent = f"{round(100 * logged.share)} %"
        return object_list

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.page_title}]
