"""The search in the admin: synonyms, rules, what was asked."""

from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from search.models import QueryRule, SynonymSet


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


class SearchViewSetGroup(SnippetViewSetGroup):
    """What editors tell the search."""

    items = (QueryRuleViewSet, SynonymViewSet)
    menu_icon = "search"
    menu_label = "Search"
    menu_name = "shop-search"
    menu_order = 230
