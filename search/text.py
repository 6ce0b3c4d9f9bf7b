"""From text to the stems that documents are found by. Documents and queries go the same way, on every database.

The databases' own parsers differ (PostgreSQL takes "1/2" for a number and "a.b" for a host), so words are cut and
stemmed here and handed over as they are. ``settings.SEARCH_LANGUAGE`` names the language of the stems.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock
from typing import Any

import snowballstemmer
from django.conf import settings

# Longer words are cut: nobody types them.
LONGEST = 40
# Compounds such as "e-cloth" are also found as one word, up to this length.
LONGEST_COMPOUND = 16
# Parts of one compound; a serial number with thirty hyphens is no word.
MOST_PARTS = 6
# Words whose stems are remembered.
REMEMBERED = 50_000
# Words that say nothing about a product. Other languages have none: rare words outweigh frequent ones anyway.
_ENGLISH = """
    a an and are as at be but by for from if in into is it my no not of on or our s such t that the their then there
    these they this to was will with without you your
"""
STOP_WORDS = {"english": frozenset(_ENGLISH.split())}
# Written without blanks: every character is a word of its own.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED_CHARACTER = re.compile(f"([{_UNSPACED}])")
_COMPOUND = re.compile(r"[^\W_]+(?:[-‐‑.&/⁄+'][^\W_]+)*")
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"'s\b")
# Accents and vowel signs, as decomposing leaves them behind.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_stemming = Lock()


def fold(text: str) -> str:
    """In lower case, without accents: "Crème Brûlée" and "creme brulee" are the same words."""
    if text.isascii():
        return text.lower()
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold().replace("’", "'")))
    return unicodedata.normalize("NFC", _UNSPACED_CHARACTER.sub(r" \1 ", text))


def compounds(text: str) -> list[list[str]]:
    """The words of a text, folded, each with its parts: "8-inch e-cloth" is ``[["8", "inch"], ["e", "cloth"]]``."""
    text = _POSSESSIVE.sub("", fold(text))
    return [
        [found] if found.isalnum() else _WORD.findall(found.replace("'", ""))[:MOST_PARTS]
        for found in _COMPOUND.findall(text)
    ]


def joined(parts: list[str]) -> str:
    """A compound as one word; empty where it would be too long for one."""
    whole = "".join(parts)
    return whole if len(parts) > 1 and len(whole) <= LONGEST_COMPOUND else ""


def words(text: str) -> list[str]:
    """Folded words in order, compounds as a whole before their parts. Stop words only where there is nothing else."""
    found: list[str] = []
    for word in _COMPOUND.findall(_POSSESSIVE.sub("", fold(text))):
        if word.isalnum():
            found.append(word)
            continue
        parts = _WORD.findall(word.replace("'", ""))[:MOST_PARTS]
        if whole := joined(parts):
            found.append(whole)
        found += parts
    stop = stop_words()
    kept = [word for word in found if word not in stop] or found
    return kept if max(map(len, kept), default=0) <= LONGEST else [word[:LONGEST] for word in kept]


def stop_words() -> frozenset[str]:
    """Those of the shop's language."""
    return STOP_WORDS.get(settings.SEARCH_LANGUAGE, frozenset())


def stems(words: Iterable[str]) -> list[str]:
    """The stems of folded words, in order."""
    known = _known(settings.SEARCH_LANGUAGE)
    return [known.get(word) or stem(word) for word in words]


def stem(word: str) -> str:
    """A folded word without its ending: "mugs" and "mug" are the same."""
    language = settings.SEARCH_LANGUAGE
    known = _known(language)
    if found := known.get(word):
        return found
    if not word.isalpha():
        return word
    # One stemmer holds the word it works on.
    with _stemming:
        stemmed: str = _stemmer(language).stemWord(word) or word
        if len(known) >= REMEMBERED:
            known.clear()
        known[word] = stemmed
    return stemmed


@lru_cache(maxsize=4)
def _known(language: str) -> dict[str, str]:
    """The stems of words that were met before: stemming costs 50 microseconds, remembering 5 MB."""
    return {}


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(language)
