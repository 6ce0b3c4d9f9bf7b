"""Prices that a file changes by more than whoever applies it may: they become a price proposal, or stay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shop.catalog.models import Variant
from shop.imports.models import ImportRow, ImportRun
from shop.imports.planning import Update
from shop.imports.problems import Kind, Problem
from shop.pricing.limits import exceeds, limit_of
from shop.pricing.models import PriceProposal
from shop.pricing.proposing import NothingToPropose, Wanted, propose

MAY_PROPOSE = "pricing.add_priceproposal"
REASON_LENGTH = 500


@dataclass(slots=True)
class Held:
    """The prices of one portion that are not written, by key of the product."""

    wanted: list[Wanted] = field(default_factory=list)
    skus: dict[str, list[str]] = field(default_factory=dict)


class PriceLimit:
    """What one user may do with prices alone."""

    def __init__(self, user: Any, currency: str) -> None:
        self._user, self._currency = user, currency
        self._percent = limit_of(user)
        self._kind = Kind.PRICE_PROPOSED if user and user.has_perm(MAY_PROPOSE) else Kind.PRICE_ABOVE_LIMIT

    @property
    def proposes(self) -> bool:
        return self._kind is Kind.PRICE_PROPOSED

    def problems(self, updates: Iterable[Update]) -> list[Problem]:
        """What is to be said beforehand, by line of the file."""
        if self._percent is None:
            return []
        return [
            Problem(update.draft.line, self._kind, variant.sku)
            for update in updates
            for variant, amount, _ in update.prices
            if self._above(update, variant, amount)
        ]

    def hold_back(self, updates: Iterable[Update], remembered: Mapping[int, Mapping[str, Any]]) -> Held:
        """Take those prices out of what is about to be written.

        Where they cannot be proposed either, the shop forgets what the file said of them (``remembered``: statements
        from before, by product), so that the next import finds them again.
        """
        held = Held()
        if self._percent is None:
            return held
        for update in updates:
            above = [price for price in update.prices if self._above(update, price[0], price[1])]
            if not above:
                continue
            update.prices = [price for price in update.prices if price not in above]
            held.skus[update.draft.key] = [variant.sku for variant, _, _ in above]
            held.wanted += [Wanted(variant.sku, amount, compare_at) for variant, amount, compare_at in above]
            if not self.proposes:
                _forget(update, held.skus[update.draft.key], remembered.get(update.page.pk, {}))
        return held

    def _above(self, update: Update, variant: Variant, amount: int) -> bool:
        quote = update.quotes.get(variant.pk)
        old = quote.amount if quote and quote.currency == self._currency else None
        return exceeds(old=old, new=amount, percent=self._percent)

    def settle(self, run: ImportRun, held: Held, rows: Mapping[str, ImportRow]) -> None:
        """Propose what was held back, where the user may, and say so in the rows."""
        if self.proposes and held.wanted:
            self._propose(run, held.wanted)
        for key, skus in held.skus.items():
            row = rows[key]
            row.changes = [one for one in row.changes if one["field"] != "price" or one["sku"] not in skus]
            said = f"{', '.join(skus)}: {self._kind.reason}"
            row.reason = f"{row.reason} {said}".strip()[:REASON_LENGTH]

    def _propose(self, run: ImportRun, wanted: Sequence[Wanted]) -> None:
        title = f"Import of {run.file_name}"[:100]
        try:
            propose(title=title, wanted=wanted, currency=self._currency, user=self._user, source=source_of(run))
        except NothingToPropose:
            return  # somebody has set these very prices meanwhile


def source_of(run: ImportRun) -> str:
    """How the proposals of a run are found again."""
    return f"import {run.pk}: {run.file_name}"[:120]


def proposals_of(run: ImportRun) -> list[PriceProposal]:
    """What became of prices that the run did not write."""
    return list(PriceProposal.objects.filter(source=source_of(run)).order_by("pk"))


def _forget(update: Update, skus: Sequence[str], before: Mapping[str, Any]) -> None:
    for sku in skus:
        name = f"{sku}|price"
        update.statements.pop(name, None)
        if name in before:
            update.statements[name] = before[name]
