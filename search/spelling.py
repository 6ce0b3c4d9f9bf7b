"""What a misspelled word may have been meant as: words of the index that are one or two slips away.

Every word of the vocabulary is stored with the words that leaving out one letter makes of it. A typed word with one
slip shares one of them, whatever the slip was: a letter too many, one missing, another one, or two swapped.
"""

from collections.abc import Iterable, Mapping, Sequence

from search import text
from search.engines import Near, engine

# Shorter words are one slip away from everything, longer ones are serial numbers.
SHORTEST = 3
LONGEST = 24
# Corrections of one word that are searched for together.
MOST = 6
# Rows that the engine gives for all words of a query.
FETCHED = 60
# What a correction counts for. A letter that is missing, doubled or swapped with its neighbour is a slip that leads to
# few words; with a wrong or a foreign letter many words are as near, each of them less likely.
LIKELY = 1.0
LESS_LIKELY = 0.6
UNLIKELY = 0.3
# What each further correction counts for beside the one before.
FADING = 0.85
# Two slips in a shorter word make another word.
TWO_SLIPS_FROM = 6


def correctable(word: str) -> bool:
    """Whether a word is spelled at all: numbers and codes are not."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def keys(word: str) -> list[str]:
    """The word, and what is left of it without each of its letters."""
    return list(dict.fromkeys([word, *(word[:i] + word[i + 1 :] for i in range(len(word)))]))


def corrections(unknown: Sequence[str]) -> dict[str, list[tuple[Near, float]]]:
    """For each of these words those that may be meant, likeliest first, with a weight up to 1. At most one query."""
    asked = [word for word in dict.fromkeys(unknown) if correctable(word)]
    if not asked:
        return {}
    wanted = dict.fromkeys(key for word in asked for key in _wide_keys(word))
    near = engine().near(keys=wanted, words=asked, limit=FETCHED * len(asked))
    return {word: found for word in asked if (found := _closest(word, near))}


def _wide_keys(word: str) -> Iterable[str]:
    """The keys of a word, and for a long one those with two letters left out, which finds some words two slips away."""
    found = keys(word)
    if len(word) < TWO_SLIPS_FROM:
        return found
    return dict.fromkeys(key for one in found for key in (keys(one) if len(one) < len(word) else [one]))


def _closest(word: str, near: Iterable[Near]) -> list[tuple[Near, float]]:
    best: dict[str, tuple[tuple[int, float, int, int], Near]] = {}
    for candidate in near:
        slips = distance(word, candidate.word)
        if slips > (2 if len(word) >= TWO_SLIPS_FROM else 1) or candidate.word == word:
            continue
        # People rarely get the first letter wrong; of two words the commoner one is meant.
        likelihood = likely(word, candidate.word) if slips < 2 else UNLIKELY
        order = (slips, -likelihood, int(candidate.word[0] != word[0]), -candidate.documents)
        if candidate.stem not in best or order < best[candidate.stem][0]:
            best[candidate.stem] = (order, candidate)
    ordered = sorted(best.values())
    # With a word one slip away, nobody has made two.
    fewest = ordered[0][0][0] if ordered else 0
    kept = [(candidate, -order[1]) for order, candidate in ordered if order[0] == fewest][:MOST]
    return [(candidate, likelihood * FADING**place) for place, (candidate, likelihood) in enumerate(kept)]


def likely(typed: str, meant: str) -> float:
    """How likely the one slip between two words is."""
    if len(typed) < len(meant) or (len(typed) == len(meant) and sorted(typed) == sorted(meant)):
        return LIKELY
    if len(typed) > len(meant):
        doubled = any(typed[i] == typed[i - 1] and typed[:i] + typed[i + 1 :] == meant for i in range(1, len(typed)))
        return LIKELY if doubled else LESS_LIKELY
    return LESS_LIKELY


def distance(one: str, other: str) -> int:
    """Slips between two words (a letter more, less, another, or two swapped); 3 stands for anything above 2."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, match in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != match))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == match:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return min(last[-1], 3)


def parts(word: str) -> list[tuple[str, str]]:
    """Every way to cut a word in two."""
    return [(word[:i], word[i:]) for i in range(SHORTEST, len(word) - SHORTEST + 1)] if correctable(word) else []


def split(unknown: Iterable[str], known: Mapping[str, int]) -> dict[str, tuple[str, str]]:
    """Of these words, those that are two known ones written together. ``known`` counts documents by stem."""
    found: dict[str, tuple[str, str]] = {}
    for word in unknown:
        ways = [way for way in parts(word) if all(text.stem(part) in known for part in way)]
        if ways:
            found[word] = max(ways, key=lambda way: min(known[text.stem(part)] for part in way))
    return found
