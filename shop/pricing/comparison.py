"""A proposal as people weigh it: old and new price side by side, and what is left of each."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count

from shop.money import format_money
from shop.pricing.limits import exceeds, limit_of
from shop.pricing.margin import margin, tax_rates
from shop.pricing.models import PriceProposal, PriceProposalLine, VariantCost
from shop.pricing.proposing import outcome, refusal

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One line as text; empty where there is nothing to say."""

    sku: str
    product: str
    old: str
    new: str
    compare_at: str
    difference: str
    percent: str
    margin_old: str
    margin_new: str
    state: str
    message: str
    refused: bool
    loss: bool
    above_limit: bool


def percent_text(old: int | None, new: int | None) -> str:
    """The change in per cent with one decimal and its sign."""
    if not old or new is None:
        return ""
    change = (Decimal(new - old) * 100 / old).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{change:+} %"


def comparison(*, proposal: PriceProposal, user: Any, page: Any) -> dict[str, Any]:
    """One page of a proposal's lines for its template; a handful of queries."""
    lines = proposal.lines.select_related("variant__product")
    paginator = Paginator(lines, PER_PAGE)
    shown = paginator.get_page(page)
    found = list(shown)
    ids = [line.variant_id for line in found if line.variant_id]
    costs = dict(VariantCost.objects.filter(variant__in=ids).values_list("variant", "amount"))
    limit, rates = limit_of(user), tax_rates(ids)
    states = dict(proposal.lines.order_by().values_list("state").annotate(count=Count("pk")))
    return {
        "rows": [
            _row(line, costs.get(line.variant_id or 0), rates.get(line.variant_id or 0, 0), limit) for line in found
        ],
        "lines_page": shown,
        "summary": [(label, states[state]) for state, label in PriceProposalLine.State.choices if state in states],
        "outcome": outcome(proposal),
        "limit": limit,
        "refusal": "" if proposal.applied_at else refusal(proposal=proposal, user=user),
        "source": proposal.source,
        "proposed_by": proposal.created_by,
    }


def _row(line: PriceProposalLine, cost: int | None, rate: int, limit: int | None) -> Row:
    old, new = line.old_amount, line.amount
    margins = [margin(amount=amount, cost=cost, rate=rate) for amount in (old, new)]
    return Row(
        sku=line.sku,
        product=line.variant.product.title if line.variant else "",
        old=_money(old, line.currency),
        new=_money(new, line.currency),
        compare_at=_money(line.compare_at, line.currency),
        difference=_difference(old, new, line.currency),
        percent=percent_text(old, new),
        margin_old="" if margins[0] is None else f"{margins[0]} %",
        margin_new="" if margins[1] is None else f"{margins[1]} %",
        state=line.get_state_display(),
        message=line.message,
        refused=line.state == PriceProposalLine.State.REFUSED,
        loss=margins[1] is not None and margins[1] < 0,
        above_limit=new is not None and exceeds(old=old, new=new, percent=limit),
    )


def _money(amount: int | None, currency: str) -> str:
    return "" if amount is None else format_money(amount, currency)


def _difference(old: int | None, new: int | None, currency: str) -> str:
    if old is None or new is None:
        return ""
    sign = "+" if new > old else "−" if new < old else ""
    return f"{sign}{format_money(abs(new - old), currency)}"
