"""What a rule or a set of synonyms changes, before it is saved."""

from typing import Any

from search import rules
from search.forms import clean_query
from search.models import QueryRule, SynonymSet
from search.selectors import Results, find

SHOWN = 12


def effect_of(changed: QueryRule | SynonymSet) -> dict[str, Any]:
    """For each query that it is about: results without it and with it, and which of these are new there."""
    if isinstance(changed, QueryRule):
        queries, rule = [clean_query(changed.query)], rules.as_rule(changed)
        pairs = [(find(query=query, rule=rules.Rule()), find(query=query, rule=rule)) for query in queries if query]
        return {"effects": [_effect(*pair) for pair in pairs], "address": rule.address}
    others = list(SynonymSet.objects.exclude(pk=changed.pk)) if changed.pk else list(SynonymSet.objects.all())
    without, together = rules.mapping(others), rules.mapping([*others, changed])
    queries = [clean_query(way) for way in changed.ways]
    return {
        "effects": [
            _effect(find(query=query, synonyms=without), find(query=query, synonyms=together))
            for query in (queries[:1] if changed.one_way else queries[:3])
            if query
        ],
    }


def _effect(before: Results, after: Results) -> dict[str, Any]:
    known = {card.pk for card in before.products[:SHOWN]}
    return {
        "query": after.query,
        "before": before.products[:SHOWN],
        "before_count": before.exact,
        "after": [(card, card.pk not in known) for card in after.products[:SHOWN]],
        "after_count": after.exact,
    }
