"""Who may change a price by how much without asking."""

from typing import Any

from shop.pricing.models.threshold import PriceThreshold
from shop.pricing.timeline import PriceError


class AboveLimit(PriceError):
    """A change that needs a second person; ``percent`` is what the user may do alone."""

    def __init__(self, percent: int | None) -> None:
        super().__init__(f"You may change prices by up to {percent} % yourself. Propose it: somebody else approves.")


def limit_of(user: Any) -> int | None:
    """Per cent that the user may change a price by alone; None: any. Administrators have no limit."""
    if user is None or user.is_superuser:
        return None
    found = PriceThreshold.objects.filter(group__user=user).order_by("-percent").values_list("percent", flat=True)
    percent: int | None = found.first()
    return percent


def approval_limit_of(user: Any) -> int | None:
    """Per cent up to which the user may approve what others proposed; None: any."""
    if user is None or user.is_superuser:
        return None
    limits = list(PriceThreshold.objects.filter(group__user=user).values_list("percent", "approves"))
    approving = [max(percent, approves) for percent, approves in limits if approves is not None]
    # Without a threshold, or in one group that may approve anything, there is no limit.
    return max(approving) if approving and len(approving) == len(limits) else None


def exceeds(*, old: int | None, new: int, percent: int | None) -> bool:
    """Whether a change is above the limit. A first price is never; any price after 0 is above every limit."""
    if percent is None or old is None or old == new:
        return False
    return abs(new - old) * 100 > old * percent


def check_limit(*, user: Any, old: int | None, new: int) -> None:
    """Raises AboveLimit where the user may not change a price from ``old`` to ``new`` alone."""
    percent = limit_of(user)
    if exceeds(old=old, new=new, percent=percent):
        raise AboveLimit(percent)
