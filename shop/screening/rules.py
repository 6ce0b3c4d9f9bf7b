"""Why an order should be looked at before it is sent: one small function for each reason.

A rule sees what was counted of the order's surroundings and gives a sentence for staff, or nothing. Rules are
registered by code; another room may add its own in ``AppConfig.ready``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shop.money import format_money
from shop.orders.models import Order
from shop.screening.models import ScreeningSettings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What came before an order, itself not counted.

    ``orders_from_here`` in the last hour, ``orders_by_mailbox`` in the last day, ``failures`` of payments in the last
    hour from the same connection or e-mail address, ``mailboxes`` other ones that had something sent to the same
    address in the last day; ``bought_before`` with the same e-mail address at any time.
    """

    orders_from_here: int
    orders_by_mailbox: int
    failures: int
    mailboxes: int
    bought_before: bool


Rule = Callable[[Order, Surroundings, ScreeningSettings], str]


class AlreadyRegistered(RuntimeError):
    """Two rules have the same code."""


class RuleRegistry:
    """The rules, asked in the order of their codes."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}

    def register(self, code: str, rule: Rule) -> None:
        """Add a rule. Raises AlreadyRegistered for a code that another rule has taken."""
        if self._rules.get(code, rule) is not rule:
            raise AlreadyRegistered(f"A rule {code!r} is registered already.")
        self._rules[code] = rule

    def reasons(self, order: Order, around: Surroundings, settings: ScreeningSettings) -> list[str]:
        """Every reason to hold the order, in words for staff."""
        found = (rule(order, around, settings) for _, rule in sorted(self._rules.items()))
        return [reason for reason in found if reason]


registry = RuleRegistry()


def many_from_here(order: Order, around: Surroundings, settings: ScreeningSettings) -> str:
    """More orders from one connection than a household places."""
    if settings.orders_per_hour is None or around.orders_from_here < settings.orders_per_hour:
        return ""
    return f"{around.orders_from_here + 1} orders from one internet connection within an hour."


def many_by_mailbox(order: Order, around: Surroundings, settings: ScreeningSettings) -> str:
    """More orders with one e-mail address than somebody places in a day."""
    if settings.orders_per_day is None or around.orders_by_mailbox < settings.orders_per_day:
        return ""
    return f"{around.orders_by_mailbox + 1} orders with this e-mail address within a day."


def failed_payments(order: Order, around: Surroundings, settings: ScreeningSettings) -> str:
    """Somebody who tries cards until one works."""
    if settings.failures_per_hour is None or around.failures < settings.failures_per_hour:
        return ""
    return f"{around.failures} failed payments from the same connection or e-mail address within an hour."


def many_mailboxes(order: Order, around: Surroundings, settings: ScreeningSettings) -> str:
    """One doorstep, many names."""
    if settings.mailboxes_per_household is None or around.mailboxes < settings.mailboxes_per_household:
        return ""
    return f"Orders with {around.mailboxes + 1} e-mail addresses go to this address within a day."


def dear_first_order(order: Order, around: Surroundings, settings: ScreeningSettings) -> str:
    """A large order of somebody unknown."""
    if settings.first_order_from is None or around.bought_before or order.total < settings.first_order_from:
        return ""
    return f"The first order with this e-mail address, of {format_money(order.total, order.currency)}."


def register_own() -> None:
    """Called once, when the app is ready."""
    registry.register("connection", many_from_here)
    registry.register("failures", failed_payments)
    registry.register("first-order", dear_first_order)
    registry.register("household", many_mailboxes)
    registry.register("mailbox", many_by_mailbox)
