"""What tests of promotions are made of."""

from typing import Any

from shop.promotions.models import Coupon, Promotion

TEN_PERCENT = {"percent": 1000}


def make_promotion(
    *, kind: str = "percent", title: str = "Ten off", code: str = "", max_uses: int | None = None, **fields: Any
) -> Promotion:
    """A live promotion of ten per cent, unless told otherwise; with ``code`` only for those who enter it.

    Further fields are the model's own; ``arguments`` are those of the kind.
    """
    fields.setdefault("arguments", TEN_PERCENT if kind == "percent" else {})
    fields.setdefault("currency", "GBP")
    promotion = Promotion.objects.create(kind=kind, title=title, with_code=bool(code), **fields)
    if code:
        Coupon.objects.create(promotion=promotion, code=code, max_uses=max_uses)
    return promotion
