"""Reading what Stripe says: of intents, refunds and disputes, in answers and in events. Nothing here calls Stripe.

Source: https://docs.stripe.com/payments/paymentintents/lifecycle and https://docs.stripe.com/api/events/types.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from shop.payments.providers.base import Event, EventRefused, Outcome, RefundNews, RefundOutcome
from shop.payments.providers.stripe_amounts import from_stripe
from shop.payments.statuses import DisputeStatus

MAX_NAME = 120
FACTS = ("object", "id", "status", "amount", "amount_received", "currency", "payment_intent", "reason")
REFUND_EVENTS = frozenset({"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"})
DISPUTES = {
    "warning_needs_response": DisputeStatus.NEEDS_RESPONSE,
    "needs_response": DisputeStatus.NEEDS_RESPONSE,
    "warning_under_review": DisputeStatus.UNDER_REVIEW,
    "under_review": DisputeStatus.UNDER_REVIEW,
    "warning_closed": DisputeStatus.WON,
    "won": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
}


def outcome_of(intent: Any) -> Outcome:
    """What an intent's state means. A declined card leaves it open: the buyer may try another."""
    reference = _name(_get(intent, "id"))
    match _get(intent, "status"):
        case "succeeded":
            return Outcome.captured(reference=reference, amount=_received(intent))
        case "requires_capture":
            return Outcome.authorised(reference=reference)
        case "canceled":
            return Outcome.cancelled(reference=reference)
        case _:
            return Outcome.needs_confirmation(reference=reference)


def _received(intent: Any) -> int | None:
    """What was taken, in our minor units; None where the message does not say."""
    amount, currency = _get(intent, "amount_received"), _get(intent, "currency")
    if not (isinstance(amount, int) and isinstance(currency, str)):
        return None
    # Money that we cannot read is none that we count: staff look at the order.
    return max(0, _units(amount, currency) or 0)


def refund_outcome_of(refund: Any) -> RefundOutcome:
    """What a refund's state means."""
    reference = _name(_get(refund, "id"))
    match _get(refund, "status"):
        case "succeeded":
            return RefundOutcome.settled(reference=reference)
        case "failed" | "canceled":
            why = (_name(_get(refund, "failure_reason")) or "no reason given").replace("_", " ")
            return RefundOutcome.failed(message=f"Stripe: {why}.", reference=reference)
        case _:
            return RefundOutcome.requested(reference=reference)


def event_of(message: Any) -> Event:
    """A signed message. One of a kind that we do not know has no effect. Raises EventRefused for one without form."""
    if not isinstance(message, dict) or not _name(message.get("id")) or not _name(message.get("type")):
        raise EventRefused("The message has no id or no type.")
    kind = str(message["type"])
    data = message.get("data")
    found = data.get("object") if isinstance(data, dict) else None
    about: dict[str, Any] = found if isinstance(found, dict) else {}
    facts = _facts(about)
    if kind.startswith("payment_intent.") and about:
        return Event(
            id=message["id"],
            type=kind,
            key=_key(about, "payment"),
            reference=_name(about.get("id")),
            outcome=outcome_of(about),
            facts=facts,
        )
    reference = _name(about.get("payment_intent"))
    if kind in REFUND_EVENTS and reference:
        return Event(id=message["id"], type=kind, reference=reference, refund=_refund_news(about), facts=facts)
    if kind.startswith("charge.dispute.") and reference:
        return Event(
            id=message["id"],
            type=kind,
            reference=reference,
            dispute=DISPUTES.get(str(about.get("status"))),
            dispute_reason=_name(about.get("reason")).replace("_", " "),
            facts=facts,
        )
    return Event(id=message["id"], type=kind, facts=facts)


def _refund_news(refund: Mapping[str, Any]) -> RefundNews | None:
    amount, currency = refund.get("amount"), refund.get("currency")
    if not (isinstance(amount, int) and isinstance(currency, str)):
        return None
    units = _units(amount, currency)
    if units is None:
        return None
    return RefundNews(outcome=refund_outcome_of(refund), amount=units, key=_key(refund, "refund"))


def _units(amount: int, currency: str) -> int | None:
    """Stripe's amount in our minor units; None in a currency that we do not know."""
    try:
        return from_stripe(amount, currency.upper())
    except ValueError:
        return None


def _facts(about: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a message: names of things, states and amounts; nothing about a person or a card."""
    return {name: about[name] for name in FACTS if isinstance(about.get(name), int) or _name(about.get(name))}


def _key(about: Mapping[str, Any], name: str) -> uuid.UUID | None:
    """Our own key, which Stripe gives back with everything."""
    metadata = about.get("metadata")
    try:
        return uuid.UUID(str(metadata.get(name))) if isinstance(metadata, Mapping) else None
    except ValueError:
        return None


def _name(value: Any) -> str:
    """A name that Stripe gives, if it is one that we can keep."""
    is_name = isinstance(value, str) and value.isascii() and value.isprintable() and len(value) <= MAX_NAME
    return value if is_name else ""


def _get(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
