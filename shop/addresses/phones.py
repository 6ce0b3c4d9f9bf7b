"""Phone numbers of every country, kept in the one form that every courier's system reads."""

import phonenumbers

LENGTH_MOST = 30


def written_phone(country: str, typed: str) -> str | None:
    """A number as E.164, ``+441473000000``: typed as at home in ``country``, or with its own code. None: not one."""
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return None
    # Possible rather than valid: numbers are opened faster than any table of them is.
    if not phonenumbers.is_possible_number(number) or number.extension:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
