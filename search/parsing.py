"""From what somebody typed to what is looked for: words, other words for them, and what misspelled ones may mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search import spelling, text
from search.expressions import Alternative, Clause, Statistics
from search.finders import Synonyms
from search.models import IndexState, Term

# More words find nothing more, and each one costs.
WORDS_MOST = 12


@dataclass(frozen=True)
class Parsed:
    """A query as it is looked for. ``unknown`` words are in no document, and nothing like them is."""

    clauses: list[Clause]
    statistics: Statistics
    unknown: list[str] = field(default_factory=list)
    # Typed word -> what it was taken for.
    corrected: dict[str, str] = field(default_factory=dict)


def query_words(query: str) -> list[list[str]]:
    """The words of a query, each with its parts, without stop words where there are others."""
    found = [[part[: text.LONGEST] for part in parts] for parts in text.compounds(query)]
    stop = text.stop_words()
    return ([parts for parts in found if len(parts) > 1 or parts[0] not in stop] or found)[:WORDS_MOST]


def parse(query: str, synonyms: Synonyms | None = None) -> Parsed:
    """At most three queries, however many words there are."""
    typed = query_words(query)
    clauses = _clauses(typed, synonyms or {})
    single = [parts[0] for parts in typed if len(parts) == 1]
    stems = {stem for clause in clauses for stem in clause.stems}
    statistics = read_statistics(stems)
    missing = [word for word in single if text.stem(word) not in statistics.having]
    if not missing:
        return Parsed(_known(clauses, statistics), statistics)
    return _corrected(clauses, missing, stems)


def read_statistics(stems: Iterable[str]) -> Statistics:
    """Two queries."""
    having: dict[str, int] = {}
    for stem, documents in Term.objects.filter(stem__in=list(stems)).values_list("stem", "documents"):
        having[stem] = max(having.get(stem, 0), documents)
    state = IndexState.objects.first() or IndexState()
    documents = max([state.documents + state.written, *having.values()])
    return Statistics(documents, state.title_length, state.facts_length, state.body_length, having)


def _clauses(typed: list[list[str]], synonyms: Synonyms) -> list[Clause]:
    clauses: list[Clause] = []
    position = 0
    words = [part for parts in typed for part in parts]
    starts = _starts(typed)
    while position < len(words):
        length = _longest(words, position, synonyms)
        if length:
            phrase = tuple(words[position : position + length])
            ways = [phrase, *synonyms[phrase]]
            clauses.append(Clause(tuple(Alternative(_stems(way)) for way in dict.fromkeys(ways))))
            position += length
            continue
        parts = starts.get(position, [words[position]])
        ways = [tuple(parts)]
        if whole := text.joined(parts):
            ways.append((whole,))
        clauses.append(Clause(tuple(Alternative(_stems(way)) for way in ways)))
        position += len(parts)
    return list(dict.fromkeys(clauses))


def _starts(typed: list[list[str]]) -> dict[int, list[str]]:
    """Where each word begins among all parts."""
    found, position = {}, 0
    for parts in typed:
        found[position] = parts
        position += len(parts)
    return found


def _longest(words: list[str], position: int, synonyms: Synonyms) -> int:
    """How many words from here on are a phrase that has synonyms; the longest counts, 0 for none."""
    if not synonyms:
        return 0
    longest = max(map(len, synonyms))
    for length in range(min(longest, len(words) - position), 0, -1):
        if tuple(words[position : position + length]) in synonyms:
            return length
    return 0


def _stems(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.stem(word) for word in words))


def _known(clauses: Sequence[Clause], statistics: Statistics) -> list[Clause]:
    """Without alternatives that no document can have, and without clauses that are left with none."""
    kept = []
    for clause in clauses:
        ways = tuple(way for way in clause.alternatives if all(stem in statistics.having for stem in way.stems))
        if ways:
            kept.append(Clause(ways))
    return kept


def _corrected(clauses: list[Clause], missing: list[str], stems: set[str]) -> Parsed:
    """With what the missing words may mean in their places."""
    near = spelling.corrections(missing)
    halves = {part for word in missing if word not in near for way in spelling.parts(word) for part in way}
    also = {candidate.stem for found in near.values() for candidate, _ in found} | set(map(text.stem, halves))
    statistics = read_statistics(stems | also)
    apart = spelling.split([word for word in missing if word not in near], statistics.having)
    meant: dict[str, tuple[Alternative, ...]] = {}
    corrected: dict[str, str] = {}
    for word, found in near.items():
        meant[text.stem(word)] = tuple(Alternative((candidate.stem,), weight) for candidate, weight in found)
        corrected[word] = found[0][0].word
    for word, way in apart.items():
        meant[text.stem(word)] = (Alternative(_stems(way)),)
        corrected[word] = " ".join(way)
    replaced = [
        Clause(meant[way.stems[0]]) if len(way.stems) == 1 and way.stems[0] in meant else clause
        for clause in clauses
        for way in clause.alternatives[:1]
    ]
    unknown = [word for word in missing if word not in corrected]
    return Parsed(_known(replaced, statistics), statistics, unknown, corrected)
