"""What a few letters may become: the last word of a query goes on like words of the index."""

from search import spelling, text
from search.engines import engine
from search.expressions import Alternative, Clause, Statistics
from search.parsing import Parsed, parse, query_words, read_statistics

# Words that the last one may become.
ENDINGS = 12
# What a longer word counts for beside the one that was typed.
LONGER = 0.6


def completed(query: str) -> Parsed:
    """The query with its last word finished in every likely way. At most six queries."""
    typed = query_words(query)
    if not typed:
        return Parsed([], read_statistics(()))
    *before, last = [part for parts in typed for part in parts]
    endings = engine().beginning(last, limit=ENDINGS)
    if not endings:
        near = spelling.corrections([last]).get(last, [])
        endings = [candidate for candidate, _ in near]
    parsed = parse(" ".join(before)) if before else Parsed([], read_statistics([text.stem(last)]))
    having = dict(parsed.statistics.having) | {ending.stem: ending.documents for ending in endings}
    statistics = Statistics(
        max([parsed.statistics.documents, *having.values()]),
        parsed.statistics.title_length,
        parsed.statistics.facts_length,
        parsed.statistics.body_length,
        having,
    )
    own = text.stem(last)
    stems = dict.fromkeys([*([own] if own in having else []), *(ending.stem for ending in endings)])
    if not stems:
        return Parsed([], statistics)
    ways = tuple(Alternative((stem,), 1.0 if stem == own else LONGER) for stem in stems)
    return Parsed([*parsed.clauses, Clause(ways)], statistics)
