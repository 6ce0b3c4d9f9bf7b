"""What the session remembers of a checkout: the attempt, and what was typed, so that nobody types it twice."""

import uuid
from collections.abc import Mapping, MutableMapping
from dataclasses import asdict, dataclass, field
from typing import Any

SESSION_KEY = "checkout"


@dataclass(slots=True)
class CheckoutState:
    """``attempt`` is the key of the form that is shown; ``pending`` that of a payment the buyer has not finished.

    ``typed`` holds contact, address and choice of payment until the order is placed. ``error`` is shown once,
    and so are ``notice``, which is about coupons, and ``coupon``, a code that was typed and not applied yet.
    """

    attempt: uuid.UUID = field(default_factory=uuid.uuid4)
    pending: uuid.UUID | None = None
    typed: dict[str, str] = field(default_factory=dict)
    error: str = ""
    notice: str = ""
    coupon: str = ""

    @classmethod
    def peek(cls, session: Mapping[str, Any]) -> "CheckoutState":
        """What is remembered; a fresh state where that is nothing."""
        stored = session.get(SESSION_KEY) or {}
        return cls(
            attempt=_key(stored.get("attempt")) or uuid.uuid4(),
            pending=_key(stored.get("pending")),
            typed=dict(stored.get("typed") or {}),
            error=str(stored.get("error") or ""),
            notice=str(stored.get("notice") or ""),
            coupon=str(stored.get("coupon") or ""),
        )

    def store(self, session: MutableMapping[str, Any]) -> None:
        """Remember it."""
        facts = asdict(self)
        facts["attempt"] = str(self.attempt)
        facts["pending"] = str(self.pending) if self.pending else None
        session[SESSION_KEY] = facts

    def knows(self, key: uuid.UUID) -> bool:
        """Whether an attempt belongs to what this visitor is doing now, and not to something long done."""
        return key in (self.attempt, self.pending)

    def start_afresh(self, *, error: str = "", pending: uuid.UUID | None = None) -> None:
        """The next press of the button is another attempt."""
        self.attempt, self.error, self.pending = uuid.uuid4(), error, pending


def _key(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except (AttributeError, TypeError, ValueError):
        return None
