"""The price beside each variant on the product's screen in the admin."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cms.selectors import shop_currency
from shop.catalog.models import ProductPage, Variant
from shop.catalog.variant_columns import Link, RowChange, VariantColumns
from shop.money import MoneyError, format_money, to_decimal, to_minor
from shop.pricing.limits import AboveLimit, check_limit, exceeds, limit_of
from shop.pricing.models import Price
from shop.pricing.selectors import current_quotes, current_rows, scheduled_prices
from shop.pricing.services import NewPrice, PriceError, set_price, set_prices, validate_price

LOCAL_FORMAT = "%Y-%m-%dT%H:%M"


class AmountField(forms.CharField):
    """An amount as a person types it (``12.50``, ``£12.50``); whole minor units inside."""

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.currency = currency

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value)).lstrip("£$€ ")
        if not text:
            return None
        try:
            return to_minor(text, self.currency)
        except MoneyError as error:
            raise ValidationError(str(error)) from error

    def validate(self, value: Any) -> None:
        if value is not None and value < 0:
            raise ValidationError("A price is at least 0.")

    def run_validators(self, value: Any) -> None:
        """The length was that of the text; an amount has none."""

    def prepare_value(self, value: Any) -> Any:
        return str(to_decimal(value, self.currency)) if isinstance(value, int) else value


def moment_field(*, label: str, help_text: str) -> forms.DateTimeField:
    """A moment to come in the shop's time zone, as a browser's own field has it; it may stay empty."""
    return forms.DateTimeField(
        label=label,
        required=False,
        help_text=help_text,
        input_formats=[LOCAL_FORMAT, f"{LOCAL_FORMAT}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_FORMAT),
        validators=[_not_past],
    )


class PriceColumns(VariantColumns):
    """Current price and compare-at price. Saving appends a dated row."""

    code = "price"
    permission = "pricing.add_price"

    def fields(self) -> dict[str, forms.Field]:
        currency = shop_currency()
        return {
            "price_amount": AmountField(label=f"Price, {currency}", currency=currency, required=False),
            "price_compare_at": AmountField(label="Compare at", currency=currency, required=False),
        }

    def shared_fields(self) -> dict[str, forms.Field]:
        return {
            "price_starts_at": moment_field(label="New prices start", help_text="Empty: at once."),
            "price_ends_at": moment_field(label="and end", help_text="Empty: never. Then the old price comes back."),
            "price_reason": forms.CharField(label="Why the price changes", required=False, max_length=120),
        }

    def current(self, variants: Collection[Variant]) -> Mapping[int, Mapping[str, Any]]:
        currency = shop_currency()
        return {
            pk: {"price_amount": quote.amount, "price_compare_at": quote.compare_at}
            for pk, quote in current_quotes([variant.pk for variant in variants]).items()
            if quote.currency == currency
        }

    def notes(self, variants: Collection[Variant]) -> Mapping[int, Mapping[str, str]]:
        ids = [variant.pk for variant in variants]
        currency = shop_currency()
        notes: dict[int, list[str]] = {}
        for price in current_rows(ids):
            if price.currency != currency:
                notes.setdefault(price.variant_id, []).append(f"now {format_money(price.amount, price.currency)}")
            if price.compare_at is not None:
                notes.setdefault(price.variant_id, []).append(_struck_note(price))
        for price in scheduled_prices(ids):
            begins = date_format(timezone.localtime(price.valid_from), "j M Y, H:i")
            notes.setdefault(price.variant_id, []).append(f"{format_money(price.amount, price.currency)} from {begins}")
        return {pk: {"price_amount": "; ".join(lines)} for pk, lines in notes.items()}

    def text(self, name: str, value: Any) -> str:
        return "" if value is None else format_money(value, shop_currency())

    def check(
        self,
        *,
        values: Mapping[str, Any],
        before: Mapping[str, Any],
        changed: Collection[str],
        shared: Mapping[str, Any],
    ) -> None:
        amount, compare_at = values["price_amount"], values["price_compare_at"]
        if amount is None:
            gone = before.get("price_amount") is not None
            message = "To stop selling it, untick Active." if gone else "Give the price as well."
            raise ValidationError({"price_amount": message})
        try:
            validate_price(amount=amount, compare_at=compare_at, currency=shop_currency())
        except PriceError as error:
            name = "price_amount" if compare_at is None else "price_compare_at"
            raise ValidationError({name: str(error)}) from error

    def save(
        self,
        *,
        variant: Variant,
        values: Mapping[str, Any],
        before: Mapping[str, Any],
        changed: Collection[str],
        shared: Mapping[str, Any],
        user: Any,
    ) -> None:
        check_limit(user=user, old=before.get("price_amount"), new=values["price_amount"])
        set_price(
            variant=variant,
            amount=values["price_amount"],
            compare_at=values["price_compare_at"],
            currency=shop_currency(),
            valid_from=shared.get("price_starts_at"),
            valid_to=shared.get("price_ends_at"),
            user=user,
            reason=shared.get("price_reason", ""),
        )

    def save_all(self, *, rows: Sequence[RowChange], shared: Mapping[str, Any], user: Any) -> dict[int, str]:
        """A handful of queries for all rows."""
        currency = shop_currency()
        percent = limit_of(user)
        if refused := {
            row.variant.pk: str(AboveLimit(percent))
            for row in rows
            if exceeds(old=row.before.get("price_amount"), new=row.values["price_amount"], percent=percent)
        }:
            return refused
        try:
            set_prices(
                prices=[
                    NewPrice(row.variant.pk, row.values["price_amount"], currency, row.values["price_compare_at"])
                    for row in rows
                ],
                valid_from=shared.get("price_starts_at"),
                valid_to=shared.get("price_ends_at"),
                user=user,
                reason=shared.get("price_reason", ""),
                refused=refused,
            )
        except (PriceError, MoneyError) as error:
            return {rows[0].variant.pk: str(error)}
        return refused

    def links(self, product: ProductPage, user: Any) -> Sequence[Link]:
        if not (user.has_perm("pricing.view_price") or user.has_perm(self.permission)):
            return []
        links = [Link("Price history", f"{reverse('pricing_history')}?product={product.pk}")]
        if user.has_perm("pricing.add_priceproposal"):
            links.append(Link("Propose prices", f"{reverse('pricing_propose')}?product={product.pk}"))
        return links


def _not_past(moment: Any) -> None:
    # The browser's field has whole minutes.
    if moment < timezone.now() - timedelta(minutes=1):
        raise ValidationError("That is over. Leave it empty to start at once.")


def _struck_note(price: Price) -> str:
    """What shoppers see struck through, which is not what was typed."""
    if price.struck is not None:
        return f"struck through: {format_money(price.struck, price.currency)}, the lowest of the 30 days before"
    if price.lowest_before is None:
        return "nothing struck through: no price in the 30 days before"
    lowest = format_money(price.lowest_before, price.currency)
    return f"nothing struck through: it cost {lowest} in the 30 days before"
