"""The search in the admin: synonyms, rules, what was asked."""

from typing import Any

from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from search.models import LoggedQuery, QueryRule, SynonymSet


class SynonymViewSet(SnippetViewSet):
    """Words that mean the same."""

    model = SynonymSet
    icon = "link"
    menu_label = "Synonyms"
    menu_name = "synonyms"
    list_display = ["__str__", "one_way"]
    search_fields = ["phrases"]


class QueryRuleViewSet(SnippetViewSet):
    """Redirects, pinned and hidden products."""

    model = QueryRule
    icon = "pick"
    menu_label = "Rules for queries"
    menu_name = "search-rules"
    list_display = ["query", "redirect_page", "redirect_address", "note"]
    search_fields = ["query", "note"]


class PastQueryPolicy(ModelPermissionPolicy):
    """Queries are counted, not written: nobody adds one, not even an administrator."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "add" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, set(actions) - {"add"})


class PastQueryViewSet(SnippetViewSet):
    """Which of the queries that shoppers have typed are suggested to others."""

    model = LoggedQuery
    icon = "history"
    menu_label = "Past queries"
    menu_name = "past-queries"
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = [
        "query",
        Column("searches", label="Searches", sort_key="searches"),
        Column("found", label="Products with all words", sort_key="found"),
        BooleanColumn("suggested", label="May be suggested", sort_key="suggested"),
        Column("day_asked", label="Asked last", sort_key="last_asked"),
    ]
    list_filter = ["suggested"]
    search_fields = ["query"]
    ordering = ["-searches", "query"]
    panels = [FieldPanel("query", read_only=True), FieldPanel("suggested")]


class SearchViewSetGroup(SnippetViewSetGroup):
    """What editors tell the search."""

    items = (QueryRuleViewSet, SynonymViewSet, PastQueryViewSet)
    menu_icon = "search"
    menu_label = "Search"
    menu_name = "shop-search"
    menu_order = 230
