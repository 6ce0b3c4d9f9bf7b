"""What the stand-in for Stripe keeps: intents, refunds, events, remembered answers. Rules as Stripe documents them."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Thing = dict[str, Any]
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


class Refused(Exception):
    """An answer that is an error: its HTTP status, type and code."""

    def __init__(self, status: int, code: str, message: str, kind: str = "invalid_request_error") -> None:
        self.status = status
        self.body = {"error": {"type": kind, "code": code, "message": message}}
        super().__init__(message)


@dataclass
class Ledger:
    """One merchant's account. ``emit`` is called with each event as it happens; every call is under one lock."""

    emit: Callable[[Thing], None]
    intents: dict[str, Thing] = field(default_factory=dict)
    refunds: dict[str, Thing] = field(default_factory=dict)
    # Answers by idempotency key, with the parameters that they belong to.
    remembered: dict[str, tuple[Thing, Thing]] = field(default_factory=dict)
    # Money really moved, by intent: what a test compares with the shop's own books.
    charges: Counter[str] = field(default_factory=Counter)
    returns: Counter[str] = field(default_factory=Counter)
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def _name(self, kind: str) -> str:
        return f"{kind}_{next(self.numbers):08d}"

    def _tell(self, kind: str, thing: Thing) -> None:
        event = {"id": self._name("evt"), "object": "event", "type": kind, "data": {"object": dict(thing)}}
        self.emit(event)

    def intent(self, name: str) -> Thing:
        """An intent as it is. Raises Refused."""
        try:
            return self.intents[name]
        except KeyError:
            raise Refused(404, "resource_missing", f"No such payment_intent: '{name}'") from None

    def create_intent(self, params: Thing) -> Thing:
        """A new intent that waits for a card."""
        amount = int(params["amount"])
        if amount < 1:
            raise Refused(400, "parameter_invalid_integer", "This value must be greater than or equal to 1.")
        name = self._name("pi")
        self.intents[name] = {
            "id": name,
            "object": "payment_intent",
            "amount": amount,
            "amount_received": 0,
            "currency": params["currency"],
            "capture_method": params.get("capture_method", "automatic"),
            "client_secret": f"{name}_secret_fake",
            "metadata": params.get("metadata", {}),
            "status": "requires_payment_method",
            "last_payment_error": None,
        }
        self._tell("payment_intent.created", self.intents[name])
        return self.intents[name]

    def confirm(self, name: str, card: str) -> Thing:
        """The buyer enters a card: ``approves``, ``declines`` or ``asks`` (3-D Secure)."""
        intent = self.intent(name)
        if intent["status"] not in OPEN:
            raise Refused(400, "payment_intent_unexpected_state", f"This intent is {intent['status']}.")
        if card == "asks":
            intent["status"] = "requires_action"
            self._tell("payment_intent.requires_action", intent)
        elif card == "declines":
            intent.update(status="requires_payment_method", last_payment_error={"code": "card_declined"})
            self._tell("payment_intent.payment_failed", intent)
        elif intent["capture_method"] == "manual":
            intent["status"] = "requires_capture"
            self._tell("payment_intent.amount_capturable_updated", intent)
        else:
            self._take(intent)
        return intent

    def capture(self, name: str, amount: int | None = None) -> Thing:
        """Take what was authorised, or a part of it, once."""
        intent = self.intent(name)
        if intent["status"] != "requires_capture":
            raise Refused(400, "payment_intent_unexpected_state", f"This intent is {intent['status']}.")
        self._take(intent, amount)
        return intent

    def _take(self, intent: Thing, amount: int | None = None) -> None:
        taken = intent["amount"] if amount is None else amount
        intent.update(status="succeeded", amount_received=taken)
        self.charges[intent["id"]] += taken
        self._tell("payment_intent.succeeded", intent)

    def cancel(self, name: str) -> Thing:
        """Void an intent that has taken nothing."""
        intent = self.intent(name)
        if intent["status"] not in (*OPEN, "requires_capture"):
            raise Refused(400, "payment_intent_unexpected_state", f"This intent is {intent['status']}.")
        intent["status"] = "canceled"
        self._tell("payment_intent.canceled", intent)
        return intent

    def take_late(self, name: str) -> None:
        """The money of a cancelled intent comes all the same. Stripe excludes it; a shop has to live with it."""
        self._take(self.intent(name))

    def refund(self, params: Thing) -> Thing:
        """Give money back, never more than was taken."""
        intent = self.intent(params["payment_intent"])
        amount = int(params.get("amount") or intent["amount_received"])
        if amount > intent["amount_received"] - self.returns[intent["id"]]:
            raise Refused(400, "charge_already_refunded", "Refund amount is greater than unrefunded amount on charge.")
        name = self._name("re")
        self.returns[intent["id"]] += amount
        self.refunds[name] = {
            "id": name,
            "object": "refund",
            "amount": amount,
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "metadata": params.get("metadata", {}),
            "status": "succeeded",
        }
        self._tell("refund.created", self.refunds[name])
        return self.refunds[name]

    def dispute(self, name: str, status: str, reason: str = "fraudulent") -> None:
        """The buyer complains at the bank."""
        intent = self.intent(name)
        thing = {"id": f"dp_{name}", "object": "dispute", "payment_intent": name, "reason": reason, "status": status}
        self._tell("charge.dispute.created", {**thing, "amount": intent["amount"], "currency": intent["currency"]})
