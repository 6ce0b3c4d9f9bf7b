"""What is known of the buyer while the cart is priced. Delivery, tax and promotions depend on it.

It lives in the session beside the cart and grows as the visitor tells more: a coupon in the cart, a country at the
checkout. Whoever prices a cart must cope with each part missing.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.contrib.auth import SESSION_KEY as LOGGED_IN_KEY

SESSION_KEY = "buyer"
# Longer than any country, postcode, method, tax number or address that is real.
MAX_FACT_LENGTH = 254
MAX_CODES = 10


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, and what they asked for; empty where it is not known yet.

    ``country`` is ISO 3166-1 alpha-2; ``delivery`` names the delivery method that was chosen; ``codes`` are coupon
    codes in the order in which they were entered, upper case. ``user_id`` comes from the login, never from a form;
    ``unfinished`` is the order that is given up if they order now: what it holds is theirs to use;
    ``origin`` is a keyed hash of the network that the request came from, for counting, and is not remembered.
    """

    user_id: int | None = None
    email: str = ""
    country: str = ""
    postcode: str = ""
    delivery: str = ""
    tax_number: str = ""
    codes: tuple[str, ...] = ()
    unfinished: int | None = None
    origin: str = ""


_TEXTS = frozenset(field.name for field in fields(Buyer)) - {"user_id", "codes", "unfinished", "origin"}
ANONYMOUS = Buyer()


def read_buyer(session: Mapping[str, Any]) -> Buyer:
    """What the session knows. What cannot be a buyer's fact is left out."""
    stored = session.get(SESSION_KEY)
    facts = stored if isinstance(stored, dict) else {}
    texts = {name: value for name, value in facts.items() if name in _TEXTS and _is_text(value)}
    codes = facts.get("codes")
    known = tuple(code for code in codes[:MAX_CODES] if _is_text(code)) if isinstance(codes, list) else ()
    user = str(session.get(LOGGED_IN_KEY) or "")
    # Not isdigit: that also accepts digits which int() refuses.
    return Buyer(user_id=int(user) if user.isdecimal() else None, codes=known, **texts)


def remember(session: MutableMapping[str, Any], **facts: Any) -> Buyer:
    """Change what the session knows; gives the buyer as known then."""
    buyer = replace(read_buyer(session), **facts)
    stored = asdict(buyer)
    del stored["user_id"], stored["unfinished"], stored["origin"]
    stored["codes"] = list(buyer.codes[:MAX_CODES])
    session[SESSION_KEY] = {name: value for name, value in stored.items() if value}
    return read_buyer(session)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_FACT_LENGTH
