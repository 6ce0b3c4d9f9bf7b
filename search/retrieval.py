"""From a query to ranked ids: what has all words first, then, where that is little, what has some of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from search import ranking, spelling, text
from search.completion import completed
from search.engines import Match, engine
from search.expressions import loosely
from search.finders import Found, Synonyms
from search.parsing import Parsed, parse, query_words
from search.sources import PRODUCTS

# With fewer results that have all words, those that have some follow.
FEW = 24
# The share of what a query says (by rarity of its words) that a document must have to follow.
LOOSE_SHARE = 0.3
# Ids that a query gives at most, for the pages and the facets of a results page.
MOST = 2000
# Matches of the other sections together that are looked at.
OTHERS = 100
# Documents among which suggestions are chosen.
SAMPLE = 500
# A word that so few documents have, and a word one slip away that so many times as many have: probably a slip.
RARE = 3
COMMONER = 10


@dataclass(frozen=True)
class Ranked:
    """Object ids, best first. The first ``exact`` have all the words that are known at all."""

    object_ids: list[int] = field(default_factory=list)
    exact: int = 0


def ranked(*, section: str, query: str, synonyms: Synonyms | None = None) -> Ranked:
    """What a cleaned query finds in a section."""
    return retrieve(section=section, parsed=parse(query, synonyms))


def retrieve(*, section: str, parsed: Parsed) -> Ranked:
    """What a parsed query finds in a section. At most four queries."""
    clauses, statistics = parsed.clauses, parsed.statistics
    if not clauses:
        return Ranked()
    weights = statistics.weights(clauses)
    strict = _ids(engine().match(sections=[section], wanted=[clauses], weights=weights, limit=MOST))
    exact = ranking.rank(section=section, object_ids=strict, clauses=clauses, statistics=statistics)
    if len(clauses) == 1 or len(exact) >= FEW:
        return Ranked(exact, len(exact))
    wanted = loosely(clauses, statistics, LOOSE_SHARE)
    loose = _ids(engine().match(sections=[section], wanted=wanted, weights=weights, limit=ranking.WINDOW))
    known = set(exact)
    others = [pk for pk in loose if pk not in known]
    others = ranking.rank(section=section, object_ids=others, clauses=clauses, statistics=statistics)
    return Ranked([*exact, *others], len(exact))


class DocumentFinder:
    """Finds in the shop's own document table."""

    def find(self, *, query: str, others: Mapping[str, int], synonyms: Synonyms) -> Found:
        """See ``Finder``. A constant number of queries, whatever is found."""
        parsed = parse(query, synonyms)
        found = retrieve(section=PRODUCTS, parsed=parsed)
        products, meant = found.object_ids, ""
        if len(products) < FEW and not parsed.corrected and (meant := _meant(query, parsed)):
            # What was typed first, then what it may have been meant as.
            further = retrieve(section=PRODUCTS, parsed=parse(meant, synonyms)).object_ids
            products = list(dict.fromkeys([*products, *further]))
        exact = 0 if parsed.unknown else found.exact
        return Found(products, exact, _others(parsed, others), parsed.unknown, parsed.corrected, meant)

    def complete(self, *, query: str, sections: Mapping[str, int]) -> Mapping[str, Sequence[int]]:
        """See ``Finder``. At most seven queries."""
        parsed = completed(query)
        if not parsed.clauses:
            return {}
        weights = parsed.statistics.weights(parsed.clauses)
        found: dict[str, list[int]] = {}
        others = [section for section in sections if section != PRODUCTS]
        for some, limit in (([PRODUCTS], sections.get(PRODUCTS, 0)), (others, OTHERS)):
            if some and limit:
                matches = engine().match(
                    sections=some, wanted=[parsed.clauses], weights=weights, limit=limit, head_only=True, sample=SAMPLE
                )
                found |= _by_section(matches, sections)
        return found


def _others(parsed: Parsed, sections: Mapping[str, int]) -> dict[str, list[int]]:
    if not parsed.clauses or not sections:
        return {}
    weights = parsed.statistics.weights(parsed.clauses)
    matches = engine().match(sections=list(sections), wanted=[parsed.clauses], weights=weights, limit=OTHERS)
    return _by_section(matches, sections)


def _by_section(matches: Iterable[Match], sections: Mapping[str, int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for match in matches:
        ids = found.setdefault(match.section, [])
        if len(ids) < sections[match.section]:
            ids.append(match.object_id)
    return found


def _ids(matches: list[Match]) -> list[int]:
    return [match.object_id for match in matches]


def _meant(query: str, parsed: Parsed) -> str:
    """The query with rare words as much commoner ones that are one slip away; empty where there are none."""
    having = parsed.statistics.having
    typed = [part for parts in query_words(query) for part in parts]
    rare = [word for word in typed if len(word) > spelling.SHORTEST and 0 < having.get(text.stem(word), 0) <= RARE]
    better = {}
    for word, near in spelling.corrections(rare).items():
        commonest = max((candidate for candidate, _ in near), key=lambda candidate: candidate.documents)
        if commonest.stem != text.stem(word) and commonest.documents >= COMMONER * having[text.stem(word)]:
            better[word] = commonest.word
    return " ".join(better.get(word, word) for word in typed) if better else ""
