"""What is looked for, without any engine's syntax."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log

# Of the words of a query that nothing has all of, those considered for "some of them"; and ways to choose them.
LOOSE_CLAUSES = 6
LOOSE_WAYS = 20


@dataclass(frozen=True, slots=True)
class Alternative:
    """Stems that must all be there. ``weight`` (up to 1) says how surely they are what was meant."""

    stems: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Clause:
    """One word of a query, with other words for it. Any alternative will do."""

    alternatives: tuple[Alternative, ...]

    @property
    def stems(self) -> Iterator[str]:
        for alternative in self.alternatives:
            yield from alternative.stems


# Any of these, each with all of its clauses.
Wanted = Sequence[Sequence[Clause]]


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many documents there are, how long their texts are on average, and how many have each stem of a query."""

    documents: int
    title_length: float
    facts_length: float
    body_length: float
    having: Mapping[str, int]

    def rarity(self, stem: str) -> float:
        """BM25's inverse document frequency: 0 for what every document has."""
        having = min(self.having.get(stem, 0), self.documents)
        return log(1 + (self.documents - having + 0.5) / (having + 0.5))

    def mass(self, clause: Clause) -> float:
        """How much a clause says: as much as its commonest alternative, which is most likely meant."""
        return min(sum(map(self.rarity, alternative.stems)) for alternative in clause.alternatives)

    def weights(self, clauses: Sequence[Clause]) -> dict[str, float]:
        """What each stem counts for."""
        found: dict[str, float] = {}
        for clause in clauses:
            for alternative in clause.alternatives:
                for stem in alternative.stems:
                    weight = self.rarity(stem) * alternative.weight / len(alternative.stems)
                    found[stem] = max(found.get(stem, 0.0), weight)
        return found


def loosely(clauses: Sequence[Clause], statistics: Statistics, share: float) -> Wanted:
    """The smallest sets of clauses that say at least this share of what all of them say."""
    telling = sorted(clauses, key=statistics.mass, reverse=True)[:LOOSE_CLAUSES]
    enough = share * sum(map(statistics.mass, clauses))
    found: list[tuple[Clause, ...]] = []
    for size in range(1, len(telling) + 1):
        for chosen in combinations(telling, size):
            if sum(map(statistics.mass, chosen)) >= enough and not any(set(way) <= set(chosen) for way in found):
                found.append(chosen)
                if len(found) == LOOSE_WAYS:
                    return found
    return found or [telling]
