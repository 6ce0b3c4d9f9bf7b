"""Carrying out a plan, in bulk. Everything here runs inside one transaction of the caller."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from shop.catalog import bulk, bulk_index, listing
from shop.catalog.models import Brand, CategoryPage, ProductPage, Variant
from shop.catalog.signals import announce
from shop.imports.categories import CategoryTree
from shop.imports.comparing import opening_level
from shop.imports.drafts import VariantDraft
from shop.imports.extras import save_drafts, set_tags, want_pictures
from shop.imports.matching import Statements
from shop.imports.models import ImportedProduct
from shop.imports.planning import Creation, Plan, Update
from shop.imports.problems import Kind, Problem
from shop.imports.rows import new_page, new_variant, set_state, stored
from shop.inventory.bulk import open_stock
from shop.inventory.services import StockError, rename_sku, set_stock
from shop.pricing.bulk import open_prices
from shop.pricing.services import NewPrice, set_prices

# Names of history entries, registered in wagtail_hooks.py.
LOG_CREATED = "imports.create"
LOG_CHANGED = "imports.change"

# What an update may write to the page's tables.
PAGE_COLUMNS = [
    "title",
    "draft_title",
    "seo_title",
    "search_description",
    "live",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
    "latest_revision",
    "live_revision",
    "latest_revision_created_at",
    "body",
    "details",
    "summary",
    "attributes",
    "brand",
]


@dataclass(slots=True)
class Written:
    """What one batch has added."""

    products: dict[str, int] = field(default_factory=dict)  # draft key -> new product's id
    categories: int = 0
    brands: int = 0
    variants: int = 0
    problems: list[Problem] = field(default_factory=list)


class Writer:
    """Carries out plans of one run. ``label`` says where it all comes from, in the shop's histories.

    With ``publish=False`` new products are drafts, and changed words wait in a draft of the page; prices and stock
    have no drafts and change at once.
    """

    def __init__(
        self, *, source: str, tree: CategoryTree, currency: str, label: str, user: Any, publish: bool = True
    ) -> None:
        self._source, self._tree, self._currency, self._publish = source, tree, currency, publish
        self._reason, self._user = f"Import of {label}"[:120], user

    def write(self, plan: Plan) -> Written:
        written = Written()
        if not plan.creations and not plan.updates:
            return written
        brands = self._ensure_brands(plan, written)
        pages = self._create(plan.creations, brands, written)
        variants = self._create_variants(plan, pages)
        written.variants = len(variants)
        self._update_pages(plan.updates, brands)
        self._update_variants(plan.updates, written)
        self._write_money_and_stock(plan, variants, written)
        want_pictures(plan, pages)
        listing.add([page.pk for page in pages])
        listing.refresh([update.page.pk for update in plan.updates if update.changes_shop], render=False)
        self._remember(plan, pages)
        self._log(plan, pages)
        written.products = {creation.draft.key: page.pk for creation, page in zip(plan.creations, pages, strict=True)}
        return written

    # Pages

    def _ensure_brands(self, plan: Plan, written: Written) -> dict[str, Brand]:
        names = [creation.draft.brand or "" for creation in plan.creations]
        names += [update.fields.get("brand", "") for update in plan.updates]
        brands, made = bulk.ensure_brands(names)
        bulk_index.index_for_search(Brand, made)
        written.brands = len(made)
        return brands

    def _create(self, creations: Sequence[Creation], brands: dict[str, Brand], written: Written) -> list[ProductPage]:
        if not creations:
            return []
        categories, made = self._tree.ensure([creation.category for creation in creations])
        bulk_index.index_for_search(CategoryPage, made)
        written.categories = len(made)
        parents = [categories[creation.category] for creation in creations]
        slugs = bulk.free_slugs(
            [(parent, creation.draft.slug) for parent, creation in zip(parents, creations, strict=True)]
        )
        pages = []
        for creation, slug in zip(creations, slugs, strict=True):
            draft = creation.draft
            if slug != draft.slug:
                written.problems.append(Problem(draft.line, Kind.SLUG_TAKEN, f"{draft.slug} is now {slug}"))
            page = new_page(draft, slug, brands.get((draft.brand or "").casefold()), publish=self._publish)
            pages.append(page)
        bulk.add_pages(list(zip(parents, pages, strict=True)))
        set_tags([(page.pk, creation.draft.tags or []) for creation, page in zip(creations, pages, strict=True)])
        bulk_index.index_for_search(ProductPage, pages)
        bulk_index.index_references([page for page in pages if page.brand_id])
        return pages

    def _update_pages(self, updates: Sequence[Update], brands: dict[str, Brand]) -> None:
        changed = [update for update in updates if update.fields]
        if not self._publish:
            save_drafts(changed, brands, user=self._user)
            return
        now = timezone.now()
        for update in changed:
            page = update.page
            for name, value in update.fields.items():
                if name != "tags":
                    setattr(page, name, stored(name, value, brands))
                elif page.latest_revision_id:
                    page.tags.set(value)  # the revision has to name them as well
            page.draft_title = page.title
            set_state(page, changed_live="live" in update.fields, now=now)
        pages = [update.page for update in changed]
        set_tags([(update.page.pk, update.fields["tags"]) for update in changed if "tags" in update.fields])
        bulk_index.publish_revisions([page for page in pages if page.latest_revision_id], user=self._user)
        ProductPage.objects.bulk_update(pages, PAGE_COLUMNS, batch_size=50)
        bulk_index.index_for_search(ProductPage, pages)
        bulk_index.index_references([update.page for update in changed if {"brand", "body"} & set(update.fields)])
        announce([page.pk for page in pages])

    # Variants

    def _create_variants(self, plan: Plan, pages: Sequence[ProductPage]) -> list[tuple[Variant, VariantDraft]]:
        made: list[tuple[Variant, VariantDraft]] = []
        for creation, page in zip(plan.creations, pages, strict=True):
            made += [(new_variant(item, page, place), item) for place, item in enumerate(creation.draft.variants)]
        for update in plan.updates:
            first = update.next_position
            made += [(new_variant(item, update.page, first + n), item) for n, item in enumerate(update.new_variants)]
        Variant.objects.bulk_create([variant for variant, _ in made], batch_size=500)
        return made

    def _update_variants(self, updates: Sequence[Update], written: Written) -> None:
        changed: list[Variant] = []
        swapped: list[tuple[Variant, Any]] = []
        for update in updates:
            for variant, changes in update.changed_variants:
                if "sku" in changes and not self._rename(variant, changes["sku"], update, written):
                    continue
                for name, value in changes.items():
                    setattr(variant, name, value)
                if "options" in changes:
                    swapped.append((variant, variant.options))
                changed.append(variant)
        # Two variants may be changing places: no two may have the same options even for a moment.
        for variant, _ in swapped:
            variant.options = [["", str(variant.pk)]]
        Variant.objects.bulk_update([variant for variant, _ in swapped], ["options"], batch_size=200)
        for variant, options in swapped:
            variant.options = options
        Variant.objects.bulk_update(changed, ["sku", "options", "barcode", "weight", "active"], batch_size=200)

    def _rename(self, variant: Variant, sku: str, update: Update, written: Written) -> bool:
        try:
            rename_sku(variant.sku, sku)
        except StockError as error:
            written.problems.append(Problem(update.draft.line, Kind.SKU_NOT_CHANGED, str(error)))
            for aspect in ("facts", "price", "stock"):
                update.statements.pop(f"{sku}|{aspect}", None)
            update.stock.pop(sku, None)
            return False
        return True

    def _write_money_and_stock(self, plan: Plan, new: Sequence[tuple[Variant, VariantDraft]], written: Written) -> None:
        by: dict[str, Any] = {"reason": self._reason, "user": self._user}
        open_prices(
            prices=[
                self._price(variant, item.price, item.compare_at) for variant, item in new if item.price is not None
            ],
            **by,
        )
        refused = open_stock(levels={variant.sku: opening_level(item) for variant, item in new}, **by)
        lines = {variant.sku: item.line for variant, item in new}
        changed = [self._price(*price) for update in plan.updates for price in update.prices]
        set_prices(prices=changed, refresh=False, **by)
        for update in plan.updates:
            lines |= dict.fromkeys(update.stock, update.draft.line)
        levels = {sku: level for update in plan.updates for sku, level in update.stock.items()}
        refused |= set_stock(levels=levels, refresh=False, **by)
        for sku, reason in refused.items():
            written.problems.append(Problem(lines[sku], Kind.STOCK_REFUSED, f"{sku}, {reason}"))

    def _price(self, variant: Variant, amount: int, compare_at: int | None) -> NewPrice:
        return NewPrice(variant.pk, amount, self._currency, compare_at)

    # Memory

    def _remember(self, plan: Plan, pages: Sequence[ProductPage]) -> None:
        said: list[tuple[int, str, Statements]] = [
            (page.pk, creation.draft.key, creation.statements)
            for creation, page in zip(plan.creations, pages, strict=True)
        ]
        said += [(update.page.pk, update.draft.key, update.statements) for update in plan.updates]
        now = timezone.now()
        ImportedProduct.objects.bulk_create(
            [
                ImportedProduct(product_id=pk, source=self._source, key=key, statements=statements, imported_at=now)
                for pk, key, statements in said
            ],
            update_conflicts=True,
            unique_fields=["product"],
            update_fields=["source", "key", "statements", "imported_at"],
            batch_size=500,
        )

    def _log(self, plan: Plan, pages: Sequence[ProductPage]) -> None:
        data = {"source": self._reason}
        bulk_index.log_pages(pages, action=LOG_CREATED, user=self._user, data=data)
        changed = [update.page for update in plan.updates if update.changes_shop]
        bulk_index.log_pages(changed, action=LOG_CHANGED, user=self._user, data=data)
