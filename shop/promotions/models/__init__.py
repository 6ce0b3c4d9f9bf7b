"""Promotions, their codes, and who has used them."""

from shop.promotions.models.coupon import Coupon, CouponBatch
from shop.promotions.models.promotion import Promotion
from shop.promotions.models.redemption import Redemption, UsageCounter

__all__ = ["Coupon", "CouponBatch", "Promotion", "Redemption", "UsageCounter"]
