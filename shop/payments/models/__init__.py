"""Payments, refunds, and what a bank transfer needs to know."""

from shop.payments.models.bank_transfer import BankTransferSettings
from shop.payments.models.payment import Payment, new_token
from shop.payments.models.refund import Refund

__all__ = ["BankTransferSettings", "Payment", "Refund", "new_token"]
