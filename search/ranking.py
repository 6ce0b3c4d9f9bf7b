"""How well a document answers a query: BM25 over its weighted texts (BM25F), a little more for neighbouring words.

The constants are set on the whole of a judged catalogue (``manage.py search_eval``), never for single queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log1p

from search.expressions import Clause, Statistics
from search.models import SearchDocument

# What a word counts for by where it stands.
TITLE = 3.0
BRAND = 2.0
FACTS = 1.5
BODY = 0.3
# How soon more of the same word adds nothing more (BM25's k1), and how much long texts are held against a document (b).
SATURATION = 1.5
LENGTH = 0.6
# What words that stand side by side in the title as in the query add, at most.
NEIGHBOURS = 0.2
# Of the documents that an engine found, those that are ranked exactly; the others keep the engine's order behind them.
WINDOW = 200

# What popularity and rating add at most, and what is left for what cannot be bought.
POPULARITY = 0.12
RATING = 0.05
UNAVAILABLE = 0.95
# Units sold lately that are as popular as it gets; reviews from which on their mean is believed.
POPULARITY_MOST = 1000
REVIEWS_ENOUGH = 20

COLUMNS = ("object_id", "title", "brand", "facts", "body", "title_length", "facts_length", "body_length", "signal")


@dataclass(frozen=True, slots=True)
class Texts:
    """A document's stems as the table stores them."""

    object_id: int
    title: str
    brand: str
    facts: str
    body: str
    title_length: int
    facts_length: int
    body_length: int
    signal: float

    def frequency(self, stem: str, statistics: Statistics) -> float:
        """How often a stem occurs, weighted by place and by the length of the text."""
        whole = f" {stem} "
        found = BRAND if whole in self.brand else 0.0
        if count := self.title.count(whole):
            found += TITLE * count / _norm(self.title_length, statistics.title_length)
        if count := self.facts.count(whole):
            found += FACTS * count / _norm(self.facts_length, statistics.facts_length)
        if count := self.body.count(whole):
            found += BODY * count / _norm(self.body_length, statistics.body_length)
        return found


def _norm(length: int, average: float) -> float:
    return 1 - LENGTH + LENGTH * length / max(average, 1.0)


def rank(*, section: str, object_ids: Sequence[int], clauses: Sequence[Clause], statistics: Statistics) -> list[int]:
    """The same ids, the first ``WINDOW`` of them in exact order; one query. Equals keep the order they came in."""
    window = object_ids[:WINDOW]
    documents = SearchDocument.objects.filter(section=section, object_id__in=window)
    scores = {
        texts.object_id: _score(texts, clauses, statistics)
        for texts in (Texts(*row) for row in documents.values_list(*COLUMNS))
    }
    ranked = sorted((pk for pk in window if pk in scores), key=lambda pk: -scores[pk])
    return [*ranked, *object_ids[WINDOW:]]


def _score(texts: Texts, clauses: Sequence[Clause], statistics: Statistics) -> float:
    score = sum(_clause_score(texts, clause, statistics) for clause in clauses)
    return score * (1 + NEIGHBOURS * _neighbours(texts, clauses, statistics)) * texts.signal


def _clause_score(texts: Texts, clause: Clause, statistics: Statistics) -> float:
    best = 0.0
    for alternative in clause.alternatives:
        score = 0.0
        for stem in alternative.stems:
            frequency = texts.frequency(stem, statistics)
            score += statistics.rarity(stem) * frequency * (SATURATION + 1) / (frequency + SATURATION)
        best = max(best, alternative.weight * score)
    return best


def _neighbours(texts: Texts, clauses: Sequence[Clause], statistics: Statistics) -> float:
    """Between 0 and 1: the share of neighbouring pairs of the query that the title has side by side."""
    possible = side_by_side = 0.0
    for first, second in pairwise(clauses):
        mass = statistics.mass(first) + statistics.mass(second)
        possible += mass
        pairs = (f" {one.stems[-1]}  {other.stems[0]} " for one in first.alternatives for other in second.alternatives)
        if any(pair in texts.title for pair in pairs):
            side_by_side += mass
    return side_by_side / possible if possible else 0.0


def signal(*, popularity: int, rating: int | None, reviews: int, available: bool) -> float:
    """What a product's score is multiplied with: between 0.9 and 1.2, so that words decide and this settles ties.

    ``popularity`` in units sold lately, ``rating`` in hundredths of a star.
    """
    liked = ((rating or 300) - 300) / 200 * min(1.0, reviews / REVIEWS_ENOUGH)
    bought = min(1.0, log1p(max(popularity, 0)) / log1p(POPULARITY_MOST))
    return round((1 + POPULARITY * bought + RATING * liked) * (1 if available else UNAVAILABLE), 3)
