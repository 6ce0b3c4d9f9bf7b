"""Payments, refunds, what payment companies tell us, and what a bank transfer needs to know."""

from shop.payments.models.bank_transfer import BankTransferSettings
from shop.payments.models.event import ProviderEvent
from shop.payments.models.payment import Payment, new_token
from shop.payments.models.refund import Refund
from shop.payments.models.ways import PaymentSettings

__all__ = ["BankTransferSettings", "Payment", "PaymentSettings", "ProviderEvent", "Refund", "new_token"]
