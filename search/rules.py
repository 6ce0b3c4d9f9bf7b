"""What editors have said about queries, ready for a search."""

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.models import Page

from cms.remembered import Remembered
from cms.restrictions import public
from search import text
from search.finders import Synonyms
from search.keys import query_key
from search.models import QueryRule, SynonymSet

_remembered: Remembered[dict[tuple[str, ...], list[tuple[str, ...]]]] = Remembered("search-synonyms")


@dataclass(frozen=True, slots=True)
class Rule:
    """Product ids that come first and that do not come at all; an address to go to instead, or nothing."""

    pinned: tuple[int, ...] = ()
    hidden: frozenset[int] = frozenset()
    address: str = ""


def synonyms() -> Synonyms:
    """By the stems of a phrase, other phrases for it; no query once warm."""
    return _remembered.get("all", lambda: mapping(SynonymSet.objects.all()))


def forget_synonyms() -> None:
    """Read them again once this transaction is committed."""
    _remembered.forget()


def mapping(sets: Iterable[SynonymSet]) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """Stems of a phrase -> the words of the others."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for one in sets:
        ways = [tuple(part for parts in text.compounds(way) for part in parts) for way in one.ways]
        for way in ways[:1] if one.one_way else ways:
            others = found.setdefault(tuple(text.stems(way)), [])
            others += (other for other in ways if other != way and other not in others)
    return found


def rule_for(query: str) -> Rule:
    """What there is for a query: one database query, three where there is something."""
    key = query_key(query)
    found = QueryRule.objects.filter(key=key).first() if key else None
    return as_rule(found) if found else Rule()


def as_rule(rule: QueryRule) -> Rule:
    """Also of one that is not saved yet. A page that is not public leads nowhere."""
    address = rule.redirect_address
    if rule.redirect_page_id:
        page = public(Page.objects.live()).filter(pk=rule.redirect_page_id).first()
        address = (page.get_url() or "") if page else ""
    return Rule(
        tuple(pin.product_id for pin in rule.pinned.all() if pin.product_id),
        frozenset(hide.product_id for hide in rule.hidden.all() if hide.product_id),
        address,
    )
