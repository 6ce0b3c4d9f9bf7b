"""Making and applying price proposals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from shop.catalog.models import Variant
from shop.catalog.offers import BATCH, Quote
from shop.money import MoneyError, format_money
from shop.pricing.limits import approval_limit_of, exceeds, limit_of
from shop.pricing.models import PriceProposal, PriceProposalLine
from shop.pricing.selectors import current_quotes
from shop.pricing.services import NewPrice, PriceError, set_prices, validate_price

State = PriceProposalLine.State
MESSAGE_LENGTH = 250


@dataclass(frozen=True, slots=True)
class Wanted:
    """A new price for a SKU in minor units; ``problem`` says why it cannot be one."""

    sku: str
    amount: int | None
    compare_at: int | None = None
    problem: str = ""


class NothingToPropose(ValueError):
    """Every line is refused or as it is already; ``problems`` says which and why."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("There is nothing to change.")


@transaction.atomic
def propose(
    *,
    title: str,
    wanted: Sequence[Wanted],
    currency: str,
    user: Any,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    source: str = "",
) -> PriceProposal:
    """Store a proposal with a line per SKU; those that cannot be are in it as refused.

    What a variant costs at ``valid_from`` (default: now) is the baseline: a line is refused later if that has
    changed. Raises NothingToPropose where no line is left to apply.
    """
    moment = max(valid_from or timezone.now(), timezone.now())
    variants = _variants([each.sku for each in wanted])
    quotes = current_quotes([variant.pk for variant in variants.values()], at=moment)
    lines = [_line(each, variants.get(each.sku), quotes, currency) for each in wanted]
    if not any(line.state == State.WAITING for line in lines):
        raise NothingToPropose([f"{line.sku}: {line.message or 'costs that already.'}" for line in lines])
    proposal = PriceProposal.objects.create(
        title=title, valid_from=valid_from, valid_to=valid_to, source=source, created_by=user, live=False
    )
    for line in lines:
        line.proposal = proposal
    PriceProposalLine.objects.bulk_create(lines, batch_size=1_000)
    proposal.save_revision(user=user, log_action=True)
    return proposal


def refusal(*, proposal: PriceProposal, user: Any) -> str:
    """Why this user may not apply a proposal; empty where they may.

    Those whose limit covers every change may; beyond it, whoever has the permission, did not propose it, and may
    approve changes as large as these.
    """
    if proposal.applied_at:
        return "The proposal was applied already."
    if user is None or not user.has_perm("pricing.publish_priceproposal"):
        return "You may not apply prices."
    if proposal.created_by_id == user.pk:
        if not covers(proposal=proposal, percent=limit_of(user)):
            return "Changes as large as these need a second person: submit the proposal for approval."
    elif not covers(proposal=proposal, percent=(percent := approval_limit_of(user))):
        return f"You may approve changes of up to {percent} %. Somebody with a higher limit has to approve this."
    return ""


def covers(*, proposal: PriceProposal, percent: int | None) -> bool:
    """Whether no change of the proposal is above a limit."""
    if percent is None:
        return True
    rows = proposal.lines.filter(state=State.WAITING).values_list("old_amount", "amount")
    return not any(new is not None and exceeds(old=old, new=new, percent=percent) for old, new in rows.iterator())


@transaction.atomic
def apply(
    *, proposal: PriceProposal, user: Any, valid_from: datetime | None = None, valid_to: datetime | None = None
) -> None:
    """Append the prices; each line says afterwards what became of it. A second time changes nothing.

    A line is refused where the variant costs something else by now than when it was proposed.
    """
    stored = PriceProposal.objects.select_for_update().get(pk=proposal.pk)
    if stored.applied_at:
        return
    now = timezone.now()
    moment = max(valid_from or now, now)
    lines = list(proposal.lines.filter(state=State.WAITING).select_related("variant"))
    quotes = current_quotes([line.variant_id for line in lines if line.variant_id], at=moment)
    for line in lines:
        line.state, line.message = _fate(line, quotes, valid_to is not None and valid_to <= moment)
    going = {line.variant_id: line for line in lines if line.state == State.APPLIED and line.variant_id}
    refused: dict[int, str] = {}
    set_prices(
        prices=[
            NewPrice(pk, line.amount, line.currency, line.compare_at)
            for pk, line in going.items()
            if line.amount is not None
        ],
        valid_from=moment,
        valid_to=valid_to,
        user=user,
        reason=proposal.title,
        refused=refused,
    )
    for pk, message in refused.items():
        going[pk].state, going[pk].message = State.REFUSED, message[:MESSAGE_LENGTH]
    PriceProposalLine.objects.bulk_update(lines, ["state", "message"], batch_size=500)
    PriceProposal.objects.filter(pk=proposal.pk).update(applied_at=now, applied_by=user)
    proposal.applied_at, proposal.applied_by = now, user


def _fate(line: PriceProposalLine, quotes: Mapping[int, Quote], is_over: bool) -> tuple[str, str]:
    if line.variant_id is None:
        return State.REFUSED, "The variant is gone."
    if is_over:
        return State.REFUSED, "The sale would be over already."
    quote = quotes.get(line.variant_id)
    if _baseline(quote, line.currency) != (line.old_amount, line.old_compare_at):
        amount = format_money(quote.amount, quote.currency) if quote else "nothing yet"
        before = "nothing" if line.old_amount is None else format_money(line.old_amount, line.currency)
        stale = f"It costs {amount} by now, no longer {before}" if amount != before else "Its compare-at price changed"
        return State.REFUSED, f"{stale}: somebody changed it after this was proposed."
    return State.APPLIED, ""


def _baseline(quote: Quote | None, currency: str) -> tuple[int | None, int | None]:
    """What is compared; a price in another currency is as good as none."""
    return (quote.amount, quote.compare_at) if quote and quote.currency == currency else (None, None)


def _variants(skus: Sequence[str]) -> dict[str, Variant]:
    found: dict[str, Variant] = {}
    for start in range(0, len(skus), BATCH):
        found |= {variant.sku: variant for variant in Variant.objects.filter(sku__in=skus[start : start + BATCH])}
    return found


def _line(each: Wanted, variant: Variant | None, quotes: Mapping[int, Quote], currency: str) -> PriceProposalLine:
    old = _baseline(quotes.get(variant.pk) if variant else None, currency)
    problem = each.problem or ("No variant has this SKU." if variant is None else _invalid(each, currency))
    state = State.REFUSED if problem else State.WAITING
    if not problem and (each.amount, each.compare_at) == old:
        state = State.UNCHANGED
    return PriceProposalLine(
        variant=variant,
        sku=each.sku[:64],
        old_amount=old[0],
        old_compare_at=old[1],
        amount=each.amount,
        compare_at=each.compare_at,
        currency=currency,
        state=state,
        message=problem[:MESSAGE_LENGTH],
    )


def _invalid(each: Wanted, currency: str) -> str:
    if each.amount is None:
        return "There is no price."
    try:
        validate_price(amount=each.amount, compare_at=each.compare_at, currency=currency)
    except (PriceError, MoneyError) as error:
        return str(error)
    return ""


def outcome(proposal: PriceProposal) -> str:
    """What became of it, in a sentence."""
    if not proposal.applied_at:
        return "Not applied yet."
    states = [line.state for line in proposal.lines.only("state")]
    when = date_format(timezone.localtime(proposal.applied_at), "j M Y, H:i")
    text = f"Applied on {when}: {states.count(State.APPLIED)} prices."
    refused = states.count(State.REFUSED)
    return f"{text} {refused} refused, see the table." if refused else text
