"""Prices, what changes them, and what they are measured against."""

from shop.pricing.models.cost import VariantCost
from shop.pricing.models.price import AppendOnly, Price
from shop.pricing.models.proposal import PriceApprovalTask, PriceProposal, PriceProposalLine
from shop.pricing.models.threshold import PriceThreshold

__all__ = [
    "AppendOnly",
    "Price",
    "PriceApprovalTask",
    "PriceProposal",
    "PriceProposalLine",
    "PriceThreshold",
    "VariantCost",
]
