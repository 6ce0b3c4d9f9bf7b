"""British postcodes: enough of a check to catch slips, not to prove that there is a letter box."""

import re

# Area, district, sector, unit, as Royal Mail composes them (BS 7666); BFPO and Crown dependencies have the same form.
_SHAPE = re.compile(
    r"(GIR 0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]([0-9]|[ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW]) [0-9][ABD-HJLNP-UW-Z]{2})"
)
_INWARD_LENGTH = 3


def normalise_postcode(text: str) -> str | None:
    """The postcode as it is written on a letter, ``IP4 1AA``, or None for what cannot be one."""
    symbols = re.sub(r"[\s.\-]", "", text).upper()
    written = f"{symbols[:-_INWARD_LENGTH]} {symbols[-_INWARD_LENGTH:]}"
    return written if _SHAPE.fullmatch(written) else None
