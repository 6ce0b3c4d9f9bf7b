"""Reading what somebody typed into the search box. Nothing that they type is an error."""

import re
import unicodedata

from django import forms

QUERY_LENGTH = 200
# More words find nothing more, and each one costs.
WORDS_MOST = 12
# One letter finds half the shop.
WORD_SHORTEST = 2
# Categories of characters that no text has: control, surrogate, unassigned, private.
_UNPRINTABLE = {"Cc", "Cs", "Cn", "Co"}


class SearchForm(forms.Form):
    """``q`` as text, ``page`` as a number; anything else is as good as nothing."""

    page = forms.IntegerField(required=False, min_value=1)

    @property
    def query(self) -> str:
        """What was typed, printable and at most 200 characters long."""
        return clean_query(self.data.get("q", ""))

    @property
    def page_number(self) -> int:
        """At least 1."""
        self.is_valid()
        return self.cleaned_data.get("page") or 1


def clean_query(text: str) -> str:
    """Without control characters and surplus blanks, composed, cut to 200 characters."""
    # Cut first: normalising a megabyte costs.
    text = unicodedata.normalize("NFC", text[: 4 * QUERY_LENGTH])
    printable = "".join(" " if unicodedata.category(char) in _UNPRINTABLE else char for char in text)
    return " ".join(printable.split())[:QUERY_LENGTH].strip()


def words(query: str) -> list[str]:
    """The words of a cleaned query, without anything that a search engine might take for an operator."""
    return re.findall(r"[^\W_]+", query)[:WORDS_MOST]


def is_too_short(query: str) -> bool:
    """Whether there is something typed, but no word to look for."""
    return bool(query) and not any(len(word) >= WORD_SHORTEST or not word.isascii() for word in words(query))
