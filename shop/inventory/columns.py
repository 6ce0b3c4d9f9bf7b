"""Stock beside each variant on the product's screen in the admin."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from shop.catalog.models import ProductPage, Variant
from shop.catalog.variant_columns import Link, RowChange, VariantColumns
from shop.inventory import bulk, services
from shop.inventory.models import StockItem

ON_HAND_MOST = 10_000_000
POINT = "stock_reorder_point"
# Rows of one save that are stored one by one.
ONE_BY_ONE_MOST = 20


class StockColumns(VariantColumns):
    """Units on hand, and whether they are counted. Saving writes the difference into the ledger."""

    code = "stock"
    permission = "inventory.add_stockmovement"

    def fields(self) -> dict[str, forms.Field]:
        return {
            # An item that is not counted may be below zero; the service refuses it for others.
            "stock_on_hand": forms.IntegerField(
                label="On hand", min_value=-ON_HAND_MOST, max_value=ON_HAND_MOST, required=False
            ),
            "stock_tracked": forms.BooleanField(label="Counted", required=False, initial=True),
            "stock_reorder_point": forms.IntegerField(
                label="Reorder at", min_value=0, max_value=ON_HAND_MOST, required=False
            ),
        }

    def shared_fields(self) -> dict[str, forms.Field]:
        return {
            "stock_reason": forms.CharField(
                label="Why stock changes", required=False, max_length=200, help_text="Counted, broken, delivery 1234…"
            )
        }

    def current(self, variants: Collection[Variant]) -> Mapping[int, Mapping[str, Any]]:
        ids = {variant.sku: variant.pk for variant in variants}
        found = {
            ids[item.sku]: {
                "stock_on_hand": item.on_hand,
                "stock_tracked": item.tracked,
                "stock_reorder_point": item.reorder_point,
            }
            for item in StockItem.objects.filter(sku__in=ids)
        }
        nothing = {"stock_on_hand": None, "stock_tracked": True, "stock_reorder_point": None}
        return {variant.pk: found.get(variant.pk, nothing) for variant in variants}

    def notes(self, variants: Collection[Variant]) -> Mapping[int, Mapping[str, str]]:
        ids = {variant.sku: variant.pk for variant in variants}
        notes: dict[str, list[str]] = {}
        items = StockItem.objects.filter(sku__in=ids)
        for sku, units, asleep in items.values_list("sku", "reserved", "unavailable"):
            said = [(units, "reserved"), (asleep, "not for sale where they are")]
            if texts := [f"{number} {what}" for number, what in said if number]:
                notes[sku] = texts
        return {ids[sku]: {"stock_on_hand": ", ".join(texts)} for sku, texts in notes.items()}

    def text(self, name: str, value: Any) -> str:
        return ("yes" if value else "no") if name == "stock_tracked" else super().text(name, value)

    def check(
        self,
        *,
        values: Mapping[str, Any],
        before: Mapping[str, Any],
        changed: Collection[str],
        shared: Mapping[str, Any],
    ) -> None:
        if "stock_on_hand" not in changed:
            return
        if values["stock_on_hand"] is None:
            raise ValidationError({"stock_on_hand": "How many are there? Give a number, or untick Counted."})
        # Only what has never been counted has nothing to explain.
        if before.get("stock_on_hand") is not None and not shared.get("stock_reason"):
            raise ValidationError({"stock_reason": "Say why stock changes: it goes into the ledger."})

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
        if "stock_on_hand" in changed:
            known = before.get("stock_on_hand")
            services.set_on_hand(
                sku=variant.sku,
                on_hand=values["stock_on_hand"],
                reason=shared.get("stock_reason", ""),
                user=user,
                kind=services.Kind.OPENING if known is None else services.Kind.ADJUSTMENT,
                expected=known,
            )
        if not values["stock_tracked"]:
            services.set_tracked(sku=variant.sku, tracked=False)
        if values["stock_tracked"]:
            services.set_tracked(sku=variant.sku, tracked=True)
        if "stock_reorder_point" in changed:
            services.set_reorder_point(sku=variant.sku, units=values["stock_reorder_point"])

    def save_all(self, *, rows: Sequence[RowChange], shared: Mapping[str, Any], user: Any) -> dict[int, str]:
        """A few rows one by one, whose refusals say more; many set-based, all rows of one kind with a few queries."""
        many = [row for row in rows if _is_plain(row)] if len(rows) > ONE_BY_ONE_MOST else []
        counted: dict[services.Kind, dict[str, int | None]] = {services.Kind.OPENING: {}, services.Kind.ADJUSTMENT: {}}
        expected: dict[str, int] = {}
        for row in many:
            known = row.before.get("stock_on_hand")
            kind = services.Kind.OPENING if known is None else services.Kind.ADJUSTMENT
            counted[kind][row.variant.sku] = row.values["stock_on_hand"] if row.values["stock_tracked"] else None
            if known is not None and "stock_on_hand" in row.changed:
                expected[row.variant.sku] = known
        reason = shared.get("stock_reason", "")
        said: dict[str, str] = {}
        for kind, levels in counted.items():
            if levels:
                said |= bulk.set_stock(levels=levels, kind=kind, reason=reason, user=user, expected=expected)
        points = {row.variant.sku: row.values["stock_reorder_point"] for row in many if POINT in row.changed}
        if points:
            bulk.set_reorder_points(points=points)
        ids = {row.variant.sku: row.variant.pk for row in many}
        refused = {ids[sku]: f"{sku}: {message}." for sku, message in said.items()}
        rest = [row for row in rows if row.variant.pk not in ids.values()] if many else rows
        return refused | super().save_all(rows=rest, shared=shared, user=user)

    def links(self, product: ProductPage, user: Any) -> Sequence[Link]:
        if not (user.has_perm("inventory.view_stockmovement") or user.has_perm(self.permission)):
            return []
        return [Link("Stock ledger", f"{reverse('inventory_ledger')}?product={product.pk}")]


def _is_plain(row: RowChange) -> bool:
    """Whether ``bulk.set_stock`` can say it: so many units that are counted, or no longer counted at all."""
    if row.values["stock_tracked"]:
        return row.values["stock_on_hand"] is not None
    return "stock_on_hand" not in row.changed
