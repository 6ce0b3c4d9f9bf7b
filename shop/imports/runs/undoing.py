"""Third step, if need be: taking an applied run back, and leaving alone whatever people have changed since.

A field goes back where it still says what the run wrote. Stock goes back by the difference that the run made, so that
what was sold meanwhile stays sold; a SKU that somebody has counted since is left. A product that the run made goes,
unless it was edited, sold or moved in stock. Categories and brands stay.
"""

from typing import Any

from django.db import transaction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import Revision

from cms.selectors import shop_currency
from shop.catalog.models import ProductPage, Variant
from shop.imports.categories import CategoryTree
from shop.imports.drafts import ProductDraft
from shop.imports.models import ImportedProduct, ImportRow, ImportRun, WantedPicture
from shop.imports.planning import Plan, Update, tag_lists
from shop.imports.runs import control
from shop.imports.runs.changes import NO_RECORD
from shop.imports.writing import Writer
from shop.inventory.bulk import stock_levels
from shop.inventory.models import StockMovement
from shop.inventory.services import set_stock
from shop.orders.models import OrderLine
from shop.pricing.selectors import current_quotes

State, Outcome = ImportRow.State, ImportRow.Outcome
PORTION = 50
# What a later movement of these kinds means: somebody has looked at the shelf, and knows better.
COUNTED = (StockMovement.Kind.COUNT, StockMovement.Kind.ADJUSTMENT, StockMovement.Kind.IMPORT)
PAGE_FIELDS = frozenset({"title", "body", "summary", "seo_title", "search_description", "live", "attributes"})
VARIANT_FIELDS = frozenset({"options", "barcode", "weight", "active"})


def undo(run: ImportRun) -> None:
    """Take back every applied row, last ones first. Raises control.Stopped."""
    total = run.rows.filter(state=State.APPLIED).count()
    left = total
    while portion := list(run.rows.filter(state=State.APPLIED).order_by("-number")[:PORTION]):
        with transaction.atomic():
            control.beat(run, progress=1 - left / total)
            for row in portion:
                _Row(run, row).undo()
            ImportRow.objects.bulk_update(portion, ["state", "reason"])
        left -= len(portion)
    control.finish(run, state=ImportRun.State.UNDONE, progress=1.0)


class _Row:
    """One row to be taken back. Collects why parts of it are left alone."""

    def __init__(self, run: ImportRun, row: ImportRow) -> None:
        self._run, self._row = run, row
        self._left: list[str] = []

    def undo(self) -> None:
        row = self._row
        page = ProductPage.objects.select_related("brand").filter(pk=row.product_id or 0).first()
        if page is None:
            row.state, row.reason = State.UNDONE, "The product is gone already."
            return
        if row.outcome == Outcome.NEW and not row.continued:
            self._remove(page)
            return
        self._restore(page)
        self._forget(page)
        row.state = State.KEPT if self._left else State.UNDONE
        row.reason = " ".join(self._left)[:500]

    # Products that the run made

    def _remove(self, page: ProductPage) -> None:
        variants = list(page.variants.all())
        if reason := self._why_kept(page, variants):
            self._row.state, self._row.reason = State.KEPT, reason
            return
        set_stock(
            levels={variant.sku: 0 for variant in variants}, reason="Import rolled back", user=self._run.created_by
        )
        DeletePageAction(page, user=self._run.created_by).execute(skip_permission_checks=True)
        self._row.state = State.UNDONE

    def _why_kept(self, page: ProductPage, variants: list[Variant]) -> str:
        own = {change["sku"] for change in self._row.changes if change["field"] == "variant"}
        own |= {
            change["sku"]
            for row in self._run.rows.filter(product=page, continued=True)
            for change in row.changes
            if change["field"] == "variant"
        }
        skus = [variant.sku for variant in variants]
        if page.latest_revision_id is not None:
            return "The product has been edited since and was kept."
        if self._imported_since(page):
            return "Another import has changed the product since; it was kept."
        if own and set(skus) - own:
            return "The product has further variants by now and was kept."
        if OrderLine.objects.filter(sku__in=skus).exists() or self._moved(skus):
            return "The product has been sold or moved in stock since and was kept."
        return ""

    def _imported_since(self, page: ProductPage) -> bool:
        later = ImportRow.objects.filter(product=page, state=State.APPLIED, applied_at__gt=self._row.applied_at)
        return later.exclude(run=self._run).exclude(outcome=Outcome.UNCHANGED).exists()

    def _moved(self, skus: list[str], kinds: tuple[str, ...] = ()) -> bool:
        moved = StockMovement.objects.filter(item__sku__in=skus, created_at__gt=self._row.applied_at)
        return (moved.filter(kind__in=kinds) if kinds else moved).exists()

    # Products that the run changed

    def _restore(self, page: ProductPage) -> None:
        update = Update(ProductDraft(self._row.key, self._row.line, page.slug), page, {})
        variants = {variant.sku: variant for variant in page.variants.all()}
        for change in self._row.changes:
            name, sku = change["field"], change["sku"]
            if not sku:
                self._restore_field(update, change)
            elif name == "variant":
                self._remove_variant(variants.get(sku), sku)
            elif name == "stock":
                self._restore_stock(update, change)
            elif name == "price":
                self._restore_price(update, change, variants.get(sku))
            elif name in VARIANT_FIELDS:
                self._restore_variant(update, change, variants.get(sku))
            elif name == "sku":
                self._restore_sku(update, change, variants)
            else:
                self._left.append("Pictures stay.")
        if update.changes_shop:
            Writer(
                source="",
                tree=CategoryTree(None),
                currency=shop_currency(),
                label=f"{self._run} rolled back",
                user=self._run.created_by,
            ).write(Plan(updates=[update]))

    def _restore_field(self, update: Update, change: dict[str, Any]) -> None:
        name, page = change["field"], update.page
        if name == "pictures":
            WantedPicture.objects.filter(product=page, run=self._run, state=WantedPicture.State.WAITING).delete()
            self._left.append("Pictures that were fetched stay.")
            return
        if not self._run.publish and name != "category":
            self._restore_draft(page)
            return
        if _now(page, name) != change["new"]:
            self._left.append(f"{name.replace('_', ' ').capitalize()} has been edited since.")
        elif page.latest_revision_id is not None and page.has_unpublished_changes:
            self._left.append("The page has an unpublished draft; its words stay.")
        else:
            update.fields[name] = change["old"]

    def _restore_draft(self, page: ProductPage) -> None:
        """The words are in a draft only: it goes, if nobody has worked on from it."""
        before = self._row.before
        draft = before.get("draft")
        if draft is None or page.latest_revision_id != draft:
            if not self._left:
                self._left.append("The draft has been edited or published since.")
            return
        previous = Revision.objects.filter(pk=before.get("revision")).first()
        ProductPage.objects.filter(pk=page.pk).update(
            latest_revision=previous,
            latest_revision_created_at=previous.created_at if previous else None,
            has_unpublished_changes=not page.live,
            draft_title=page.title,
        )
        Revision.objects.filter(pk=draft).delete()
        page.refresh_from_db()
        before["draft"] = page.latest_revision_id  # further fields of the row are back as well

    def _remove_variant(self, variant: Variant | None, sku: str) -> None:
        if variant is None:
            return
        if OrderLine.objects.filter(sku=sku).exists() or self._moved([sku]):
            self._left.append(f"{sku} has been sold or moved in stock since and stays.")
            return
        set_stock(levels={sku: 0}, reason="Import rolled back", user=self._run.created_by)
        variant.delete()

    def _restore_variant(self, update: Update, change: dict[str, Any], variant: Variant | None) -> None:
        if variant is None or getattr(variant, change["field"]) != change["new"]:
            self._left.append(f"{change['sku']}: {change['field']} has been edited since.")
            return
        for known, several in update.changed_variants:
            if known.pk == variant.pk:
                several[change["field"]] = change["old"]
                return
        update.changed_variants.append((variant, {change["field"]: change["old"]}))

    def _restore_sku(self, update: Update, change: dict[str, Any], variants: dict[str, Variant]) -> None:
        variant = variants.get(change["new"])
        if variant is None or change["old"] in variants:
            self._left.append(f"{change['sku']}: the SKU has been edited since.")
            return
        update.changed_variants.append((variant, {"sku": change["old"]}))

    def _restore_price(self, update: Update, change: dict[str, Any], variant: Variant | None) -> None:
        quote = current_quotes([variant.pk]).get(variant.pk) if variant else None
        if variant is None or quote is None or [quote.amount, quote.compare_at, quote.currency] != change["new"]:
            self._left.append(f"{change['sku']}: the price has changed since.")
        elif change["old"] is None:
            self._left.append(f"{change['sku']} had no price before; a price cannot be taken away.")
        else:
            amount, compare_at, _ = change["old"]
            update.prices.append((variant, amount, compare_at))

    def _restore_stock(self, update: Update, change: dict[str, Any]) -> None:
        sku, old, new = change["sku"], change["old"], change["new"]
        level = stock_levels([sku]).get(sku, NO_RECORD)
        if level == NO_RECORD or (level is None) != (new is None) or self._moved([sku], COUNTED):
            self._left.append(f"{sku}: the stock has been counted since.")
        elif old == NO_RECORD or old is None:
            update.stock[sku] = None
        elif new is None:
            update.stock[sku] = old
        else:
            update.stock[sku] = max(int(level or 0) + old - new, 0)

    def _forget(self, page: ProductPage) -> None:
        """What the run's file said is not remembered any longer: the next file is compared with the one before."""
        if "remembered" not in self._row.before:
            return
        remembered = self._row.before["remembered"]
        rows = ImportedProduct.objects.filter(pk=page.pk)
        if remembered:
            rows.update(**remembered)
        else:
            rows.delete()


def _now(page: ProductPage, name: str) -> Any:
    """What a field says, as ``changes`` writes it."""
    if name == "brand":
        return page.brand.name if page.brand else ""
    if name == "details":
        return list(page.details.raw_data)
    return tag_lists([page.pk]).get(page.pk, []) if name == "tags" else getattr(page, name)
