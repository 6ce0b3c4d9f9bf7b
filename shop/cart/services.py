"""Changing the cart. It lives in the session, ``{SKU: units}``, and so goes with the visitor through a login.

Each function gives the words for the buyer, or raises CartError with them; the cart is then as it was.
"""

from collections.abc import Mapping, MutableMapping
from typing import Any

from shop.cart import saved
from shop.cart.contents import CartLine, ProblemCode
from shop.cart.limits import MAX_LINES, MAX_QUANTITY_PER_LINE
from shop.cart.selectors import SESSION_KEY, build_cart, cart_items

Session = MutableMapping[str, Any]


class CartError(Exception):
    """The change was refused; the message is for the buyer."""


def add(*, session: Session, sku: str, quantity: int = 1, held: Mapping[str, int] | None = None) -> str:
    """Put ``quantity`` more units in. Where fewer can be had, as many as there are."""
    items = cart_items(session)
    already = items.get(sku, 0)
    _check_quantity(quantity, least=1)
    if not already and len(items) >= MAX_LINES:
        raise CartError(f"A cart holds at most {MAX_LINES} different products. Check out with these first.")
    line = _sellable(sku=sku, held=held)
    wanted = already + quantity
    possible = min(wanted, line.max_quantity)
    if possible <= already:
        raise CartError(_no_more(line, already))
    _store(session, {**items, sku: possible})
    if possible < wanted:
        return f"{_limit(line)} We put {possible} of “{line.title}” in your cart."
    return f"“{line.title}” is in your cart."


def set_quantity(*, session: Session, sku: str, quantity: int, held: Mapping[str, int] | None = None) -> str:
    """Make a line's quantity what the buyer asks for; 0 takes it out. Where fewer can be had, as many as there are."""
    items = cart_items(session)
    _check_quantity(quantity, least=0)
    if sku not in items:
        raise CartError("That product is not in your cart any more.")
    if quantity == 0:
        return remove(session=session, sku=sku)
    line = _sellable(sku=sku, held=held)
    possible = min(quantity, line.max_quantity)
    _store(session, {**items, sku: possible})
    if possible < quantity:
        return f"{_limit(line)} Your cart has {possible} of “{line.title}” now."
    return "Your cart is up to date."


def remove(*, session: Session, sku: str) -> str:
    """Take a line out; fine if it is gone already."""
    items = cart_items(session)
    items.pop(sku, None)
    _store(session, items)
    return "We took it out of your cart."


def clear(*, session: Session) -> None:
    """Empty the cart."""
    _store(session, {})


def take_out(*, session: Session, quantities: Mapping[str, int]) -> None:
    """Take out what has been bought; what was put in meanwhile stays."""
    items = cart_items(session)
    left = {sku: quantity - quantities.get(sku, 0) for sku, quantity in items.items()}
    _store(session, {sku: quantity for sku, quantity in left.items() if quantity > 0})


def _store(session: Session, items: Mapping[str, int]) -> None:
    if items:
        session[SESSION_KEY] = dict(items)
    else:
        session.pop(SESSION_KEY, None)
    saved.keep(session, items)


def _check_quantity(quantity: int, *, least: int) -> None:
    if not least <= quantity <= MAX_QUANTITY_PER_LINE:
        raise CartError(f"Enter a quantity from {least} to {MAX_QUANTITY_PER_LINE}.")


def _sellable(*, sku: str, held: Mapping[str, int] | None) -> CartLine:
    """The line that one unit would make. Raises CartError where none can be bought."""
    line = build_cart(items={sku: 1}, held=held).lines[0]
    if line.problem is None:
        return line
    if line.problem.code == ProblemCode.SOLD_OUT:
        raise CartError(f"“{line.title}” has sold out.")
    raise CartError("That product is not sold here." if line.title == sku else f"“{line.title}” cannot be bought now.")


def _limit(line: CartLine) -> str:
    if line.max_quantity == MAX_QUANTITY_PER_LINE:
        return f"You can buy at most {MAX_QUANTITY_PER_LINE} of one product."
    return "Only one is left." if line.max_quantity == 1 else f"Only {line.max_quantity} are left."


def _no_more(line: CartLine, already: int) -> str:
    return f"{_limit(line)} Your cart has {'it' if already == 1 else 'them'} already."
