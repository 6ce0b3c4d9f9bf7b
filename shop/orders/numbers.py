"""Order numbers: random, so that they tell nobody how much the shop sells, and easy to read out on the telephone."""

import re
import secrets

# Crockford's base 32: no I, L, O or U, so that nothing is mistaken for 1, 0 or V.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS = 3
GROUP_LENGTH = 4
NUMBER_LENGTH = GROUPS * GROUP_LENGTH + GROUPS - 1

_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_number() -> str:
    """A number such as ``7K3M-Q9XA-T21B``: 60 random bits, so two of ten million orders clash once in 20,000 years."""
    return group("".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP_LENGTH)))


def group(symbols: str) -> str:
    """The symbols in groups of four."""
    return "-".join(symbols[start : start + GROUP_LENGTH] for start in range(0, len(symbols), GROUP_LENGTH))


def as_typed(text: str) -> str:
    """What a person may have meant by ``text``: any case, with or without dashes, O for 0, I and L for 1.

    Works on a part of a number as well; text that cannot be one comes back empty.
    """
    symbols = re.sub(r"[\s\-–—#]", "", text).upper().translate(_MISREAD)
    if not symbols or any(symbol not in ALPHABET for symbol in symbols):
        return ""
    return group(symbols)
