"""From what somebody typed to what is looked for: words, other words for them, and what misspelled ones may mean."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from search import spelling, text
from search.expressions import Alternative, Clause, Statistics
from search.finders import Synonyms
from search.models import IndexState, Term

# More words find nothing more, and each one costs.
WORDS_MOST = 12
# What a correction counts for beside a word that is a form of a known one.
BESIDE = 0.5


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
    stems = {stem for clause in clauses for stem in clause.stems}
    statistics, words = _read(stems)
    # A word that is written nowhere may be another form of one that is, or a slip, or both; unless editors know it.
    single = [parts[0] for parts in typed if len(parts) == 1]
    doubtful = [word for word in single if word not in words and (text.stem(word),) not in (synonyms or {})]
    if not doubtful:
        return Parsed(_known(clauses, statistics), statistics)
    return _corrected(clauses, doubtful, stems)


def read_statistics(stems: Iterable[str]) -> Statistics:
    """Two queries."""
    return _read(stems)[0]


def _read(stems: Iterable[str]) -> tuple[Statistics, set[str]]:
    """The statistics of these stems, and the words of the vocabulary that have them."""
    having: dict[str, int] = {}
    words = set()
    for word, stem, documents in Term.objects.filter(stem__in=list(stems)).values_list("word", "stem", "documents"):
        words.add(word)
        having[stem] = max(having.get(stem, 0), documents)
    state = IndexState.objects.first() or IndexState()
    documents = max([state.documents + state.written, *having.values()])
    return Statistics(documents, state.title_length, state.facts_length, state.body_length, having), words


def _clauses(typed: list[list[str]], synonyms: Synonyms) -> list[Clause]:
    clauses: list[Clause] = []
    position = 0
    words = [part for parts in typed for part in parts]
    stemmed = text.stems(words)
    starts = _starts(typed)
    while position < len(words):
        length = _longest(stemmed, position, synonyms)
        if length:
            phrase = tuple(stemmed[position : position + length])
            ways = [phrase, *(_stems(way) for way in synonyms[phrase])]
            clauses.append(Clause(tuple(Alternative(way) for way in dict.fromkeys(ways))))
            position += length
            continue
        parts = starts.get(position, [words[position]])
        ways = [_stems(parts)]
        if whole := text.joined(parts):
            ways.append(_stems([whole]))
        clauses.append(Clause(tuple(Alternative(way) for way in ways)))
        position += len(parts)
    return list(dict.fromkeys(clauses))


def _starts(typed: list[list[str]]) -> dict[int, list[str]]:
    """Where each word begins among all parts."""
    found, position = {}, 0
    for parts in typed:
        found[position] = parts
        position += len(parts)
    return found


def _longest(stemmed: list[str], position: int, synonyms: Synonyms) -> int:
    """How many stems from here on are a phrase that has synonyms; the longest counts, 0 for none."""
    if not synonyms:
        return 0
    longest = max(map(len, synonyms))
    for length in range(min(longest, len(stemmed) - position), 0, -1):
        if tuple(stemmed[position : position + length]) in synonyms:
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


def _corrected(clauses: list[Clause], doubtful: list[str], stems: set[str]) -> Parsed:
    """With what doubtful words may mean in their places; beside them, where they are forms of known words."""
    near = spelling.corrections(doubtful)
    halves = {part for word in doubtful if word not in near for way in spelling.parts(word) for part in way}
    also = {candidate.stem for found in near.values() for candidate, _ in found} | set(map(text.stem, halves))
    statistics = read_statistics(stems | also)
    missing = [word for word in doubtful if text.stem(word) not in statistics.having]
    apart = spelling.split([word for word in missing if word not in near], statistics.having)
    statistics = _as_rare_as_the_commonest(statistics, near, stems)
    meant: dict[str, tuple[Alternative, ...]] = {}
    corrected: dict[str, str] = {}
    for word, found in near.items():
        own = text.stem(word)
        share = 1.0 if word in missing else BESIDE
        ways = [Alternative((candidate.stem,), share * weight) for candidate, weight in found if candidate.stem != own]
        meant[own] = tuple(ways)
        if word in missing:
            corrected[word] = found[0][0].word
    for word, way in apart.items():
        meant[text.stem(word)] = (Alternative(_stems(way)),)
        corrected[word] = " ".join(way)
    gone = {text.stem(word) for word in missing}
    replaced = [_in_place(clause, meant, gone) for clause in clauses]
    unknown = [word for word in missing if word not in corrected]
    return Parsed(_known(replaced, statistics), statistics, unknown, corrected)


def _in_place(clause: Clause, meant: Mapping[str, tuple[Alternative, ...]], gone: Collection[str]) -> Clause:
    """A clause with what its word may mean: beside it, or instead of it where nothing has the word."""
    first = clause.alternatives[0]
    if len(first.stems) > 1 or not (ways := meant.get(first.stems[0])):
        return clause
    kept = clause.alternatives[1:] if first.stems[0] in gone else clause.alternatives
    return Clause(tuple(dict.fromkeys([*kept, *ways])))


def _as_rare_as_the_commonest(
    statistics: Statistics, near: Mapping[str, Sequence[tuple[spelling.Near, float]]], typed: Collection[str]
) -> Statistics:
    """Else the rarest of all corrections would come first, when the commonest is most likely meant."""
    having = dict(statistics.having)
    for found in near.values():
        stems = {candidate.stem for candidate, _ in found} - set(typed)
        commonest = max((having.get(stem, 0) for stem in stems), default=0)
        having |= {stem: commonest for stem in stems if stem in having}
    return replace(statistics, having=having)
