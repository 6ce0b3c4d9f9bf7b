"""Products side by side. Which ones, the address says: nothing is remembered on this side."""

from collections.abc import Sequence
from dataclasses import dataclass

from cms.restrictions import public
from shop.catalog.attributes import definitions, facts
from shop.catalog.cards import Card
from shop.catalog.models import ProductPage
from shop.catalog.selectors import cards

COMPARED_MOST = 4
# Products of a recently viewed shelf.
SHELF_MOST = 12
# What is proposed beside fewer than four.
PROPOSED = 4
_BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Column:
    """A product, and the ids that remain when it is taken away."""

    card: Card
    others: str


@dataclass(frozen=True, slots=True)
class Row:
    """A fact, with what each product says of it; empty where one says nothing. ``differs``: worth a look."""

    name: str
    cells: Sequence[str]

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


@dataclass(frozen=True, slots=True)
class Proposal:
    """A product that could be compared as well, and the ids with it."""

    card: Card
    ids: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """``ids`` are those of the products that are shown, as the address carries them."""

    ids: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    proposals: Sequence[Proposal]


def read_ids(text: str, most: int) -> list[int]:
    """The ids of ``3,1,2``, each once, in order, so many at most. What is no id is passed over."""
    found: dict[int, None] = {}
    for part in text[: most * 40].split(","):
        if part.isascii() and part.isdecimal() and 0 < int(part) <= _BIGGEST_ID:
            found[int(part)] = None
    return list(found)[:most]


def compare(ids: Sequence[int]) -> Comparison:
    """Live public products by id, in this order. Five queries, however many facts they have."""
    shown = cards(ids)
    keys = [card.pk for card in shown]
    products = ProductPage.objects.in_bulk(keys)
    return Comparison(
        ids=_text(keys),
        columns=[Column(card, _text([pk for pk in keys if pk != card.pk])) for card in shown],
        rows=_rows(shown, products),
        proposals=[Proposal(card, _text([*keys, card.pk])) for card in _similar(shown, products)],
    )


def _rows(shown: Sequence[Card], products: dict[int, ProductPage]) -> list[Row]:
    found = [Row("Brand", [card.brand for card in shown])]
    known = definitions()
    said = [{fact.code: fact for fact in facts(products[card.pk], known)} for card in shown]
    codes = dict.fromkeys(code for mine in said for code in mine)
    for code in codes:
        name = next(mine[code].name for mine in said if code in mine)
        found.append(Row(name, [mine[code].text if code in mine else "" for mine in said]))
    found.append(Row("In short", [card.summary for card in shown]))
    return [row for row in found if any(row.cells)]


def _similar(shown: Sequence[Card], products: dict[int, ProductPage]) -> list[Card]:
    """Others of the first product's category, those that can be bought first."""
    if not shown or len(shown) >= COMPARED_MOST:
        return []
    siblings = public(ProductPage.objects.live().sibling_of(products[shown[0].pk]))
    others = siblings.exclude(pk__in=[card.pk for card in shown])
    return cards(others.order_by("-listing__available", "-listing__popularity", "-pk")[:PROPOSED])


def _text(ids: Sequence[int]) -> str:
    return ",".join(str(pk) for pk in ids)
