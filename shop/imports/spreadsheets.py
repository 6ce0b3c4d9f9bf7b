"""Cells that a spreadsheet would take for formulas.

A cell that begins with ``=``, ``+``, ``-`` or ``@`` may run a command on the computer of whoever opens the file. The
remedy of spreadsheets is an apostrophe in front, which they do not show. What is written so is read back without: the
text that was exported is the text that is imported, also one that has apostrophes of its own.
"""

import re

# A plain number is left alone: it is what the reader wants to calculate with.
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")
_FORMULA = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def guard(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would calculate, or ``unguard`` would take one."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """What ``guard`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
