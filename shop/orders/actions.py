"""What staff can do to an order. The room that owns an effect registers the action for it.

Orders know how to be sent; only payments know how to cancel what has been paid. An action is offered where it is
possible now and to those who have the right to it, and checks again under locks when it runs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django import forms

from shop.accounts.models import User
from shop.orders.models import Order
from shop.orders.permissions import may
from shop.orders.statuses import OrderRefused


class ActionRefused(Exception):
    """The action is not possible (any more); the message is for staff. Nothing was changed."""


class OrderForm(forms.Form):
    """What an action asks before it runs; subclasses add their fields and do it.

    ``initial`` may come from the address of the form's page: a form takes from it what it knows. ``sums_template`` is
    shown below its lines, with the form: what it comes to.
    """

    sums_template: ClassVar[str] = ""

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order

    def run(self, *, actor: User) -> str:
        """Do what the valid form says; gives the words for staff. Raises OrderRefused or ActionRefused."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAction:
    """One thing to do: where it is possible, whose right it is, and how.

    ``collected`` has label and explanation where the buyer comes for the goods, if they are others.
    ``run`` gives the words for staff or raises ActionRefused. An action with a ``form`` has a page of its own, and the
    form runs it; the others need no more than a note. ``permission`` is one of ``permissions.RIGHTS``.
    """

    code: str
    label: str
    explanation: str
    permission: str
    is_possible: Callable[[Order], bool]
    run: Callable[[Order, User, str], str] | None = None
    form: type[OrderForm] | None = None
    rank: int = 50
    note_required: bool = False
    collected: tuple[str, str] | None = None

    def named_for(self, order: Order) -> "OrderAction":
        """The same, in the words that fit the order."""
        if self.collected is None or not order.is_collected:
            return self
        label, explanation = self.collected
        return replace(self, label=label, explanation=explanation)

    @property
    def has_page(self) -> bool:
        """Whether it asks for more than a note. Templates cannot look at ``form``: they would call the class."""
        return self.form is not None


class AlreadyRegistered(RuntimeError):
    """Two actions have the same code."""


class ActionRegistry:
    """The actions, in the order in which staff see them."""

    def __init__(self) -> None:
        self._actions: dict[str, OrderAction] = {}

    def register(self, action: OrderAction) -> None:
        """Add an action. Raises AlreadyRegistered for a code that is taken, ValueError for one that cannot run."""
        if action.code in self._actions:
            raise AlreadyRegistered(f"An action {action.code!r} is registered already.")
        if (action.run is None) == (action.form is None):
            raise ValueError(f"The action {action.code!r} needs either a function or a form to run.")
        self._actions[action.code] = action

    def all(self) -> list[OrderAction]:
        """Every action that there is."""
        return sorted(self._actions.values(), key=lambda action: (action.rank, action.code))

    def possible(self, order: Order) -> list[OrderAction]:
        """What can be done with the order now, by somebody."""
        return [action.named_for(order) for action in self.all() if action.is_possible(order)]

    def offered(self, order: Order, user: Any) -> list[OrderAction]:
        """What this member of staff can do with the order now."""
        return [action for action in self.possible(order) if may(user, action.permission)]

    def run(self, code: str, *, order: Order, actor: User, note: str) -> str:
        """Do it. Raises ActionRefused where it is not possible, or not for this member of staff."""
        action = self._wanted(code, order, actor)
        if action.run is None:
            raise ActionRefused("Open the page of this action: it has more to ask.")
        if action.note_required and not note:
            raise ActionRefused("Write a note: this is only understood with one.")
        try:
            return action.run(order, actor, note)
        except OrderRefused as refused:
            raise ActionRefused(str(refused)) from refused

    def form(
        self,
        code: str,
        *,
        order: Order,
        actor: User,
        data: Mapping[str, Any] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> OrderForm:
        """The form of an action that has one. Raises ActionRefused where it is not possible."""
        action = self._wanted(code, order, actor)
        if action.form is None:
            raise ActionRefused("This action has no page of its own.")
        return action.form(data, order=order, initial=initial)

    def _wanted(self, code: str, order: Order, actor: User) -> OrderAction:
        action = next((each for each in self.offered(order, actor) if each.code == code), None)
        if action is None:
            raise ActionRefused("That is no longer possible: the order has changed meanwhile.")
        return action


registry = ActionRegistry()
