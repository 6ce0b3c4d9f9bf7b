"""Coupon codes: how they are typed, how they are stored, how they are made."""

import secrets
import unicodedata

CODE_SHORTEST, CODE_LONGEST = 3, 40
# What a person types may have blanks and hyphens in it, but no more than this is looked at.
TYPED_LONGEST = 100
# Without look-alikes (0 O, 1 I L, 2 Z, 5 S, 8 B, U V) and without vowels, so that no word comes about.
ALPHABET = "CDFGHJKMNPQRTWXY34679"
GROUP = 4


def normalise(typed: str) -> str:
    """The code that was meant: letters and digits in capitals. Empty where there are none, or far too many."""
    if len(typed) > TYPED_LONGEST:
        return ""
    return "".join(char for char in unicodedata.normalize("NFKC", typed).upper() if char.isalnum())


def grouped(code: str) -> str:
    """A made code as it is printed: ``CDFG-HJKM-NPQR``."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def new_code(*, length: int, prefix: str = "") -> str:
    """A code that cannot be guessed: 12 signs of 21 are 52 bits. ``prefix`` comes before them."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))
