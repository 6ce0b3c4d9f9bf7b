"""What an import would do to the shop. Reads the database, writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError

from shop.catalog import attributes
from shop.catalog.models import ProductPage, Variant
from shop.catalog.models.tag import ProductTag
from shop.catalog.offers import Quote
from shop.imports import matching
from shop.imports.categories import CategoryPath, CategoryTree
from shop.imports.comparing import content_changes, price_change, stock_level, variant_changes
from shop.imports.drafts import Picture, ProductDraft, VariantDraft
from shop.imports.pictures.known import Known
from shop.imports.problems import Kind, Problem
from shop.imports.skus import derive
from shop.inventory.bulk import stock_levels
from shop.pricing.selectors import current_quotes

Statements = matching.Statements


@dataclass(slots=True)
class Creation:
    """A product that the shop does not have."""

    draft: ProductDraft
    category: CategoryPath
    statements: Statements


@dataclass(slots=True)
class Update:
    """What to change about a product of the shop."""

    draft: ProductDraft
    page: ProductPage
    statements: Statements
    fields: dict[str, Any] = field(default_factory=dict)  # of the page; "brand" is a name
    new_variants: list[VariantDraft] = field(default_factory=list)
    changed_variants: list[tuple[Variant, dict[str, Any]]] = field(default_factory=list)
    prices: list[tuple[Variant, int, int | None]] = field(default_factory=list)
    stock: dict[str, int | None] = field(default_factory=dict)
    next_position: int = 0
    pictures: list[Picture] = field(default_factory=list)  # that the product does not have
    variant_pictures: dict[str, str] = field(default_factory=dict)  # SKU -> address
    # What the shop had, for whoever shows or undoes the change: by variant id, by SKU, by name of a field.
    quotes: dict[int, Quote] = field(default_factory=dict)
    levels: dict[str, int | None] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)

    @property
    def changes_shop(self) -> bool:
        """Whether anybody could see a difference; else only what the file has said is noted."""
        money_or_stock = self.prices or self.stock
        shown = self.fields or self.pictures or self.variant_pictures
        return bool(shown or self.new_variants or self.changed_variants or money_or_stock)


@dataclass(slots=True)
class Plan:
    """What to do with one batch of drafts, each of which is in exactly one list."""

    creations: list[Creation] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    unchanged: list[ProductDraft] = field(default_factory=list)
    refused: list[ProductDraft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    products: dict[str, int] = field(default_factory=dict)  # draft key -> product that the shop has

    def tell(self, line: int, kind: Kind, detail: str = "") -> None:
        self.problems.append(Problem(line, kind, detail))


class Planner:
    """Plans batches of one run."""

    def __init__(self, *, source: str, tree: CategoryTree, currency: str, overwrite: bool) -> None:
        self._source, self._tree, self._currency, self._overwrite = source, tree, currency, overwrite

    def plan(self, drafts: Sequence[ProductDraft], *, claimed: dict[int, str]) -> Plan:
        """Compare drafts with different keys with the shop. ``claimed``: product id -> key, so far in this run."""
        plan = Plan()
        matches = matching.match(drafts, source=self._source, scope=self._tree.scope, claimed=claimed)
        plan.products = matches.products
        known_attributes = attributes.definitions().attributes
        compare: list[tuple[ProductDraft, int, Statements]] = []
        for original in drafts:
            product = matches.products.get(original.key)
            # A copy: the same drafts are planned again if the batch has to be tried again.
            own = (self._settle_sku(original, item, product, matches, plan) for item in original.variants)
            draft = replace(original, variants=[item for item in own if item is not None])
            draft = _with_values(draft, known_attributes, plan)
            said = draft.statements()
            if draft.key in matches.ambiguous:
                plan.refused.append(draft)
                plan.tell(draft.line, Kind.AMBIGUOUS, draft.key)
            elif product is None:
                self._create(draft, plan)
            elif not self._overwrite and said.items() <= matches.statements.get(product, {}).items():
                plan.unchanged.append(draft)
            else:
                known = {} if self._overwrite else matches.statements.get(product, {})
                compare.append((draft, product, known))
        self._compare(compare, matches, plan)
        return plan

    def _create(self, draft: ProductDraft, plan: Plan) -> None:
        if draft.title is None:
            plan.tell(draft.line, Kind.NO_TITLE, draft.key)
        elif not draft.variants:
            plan.tell(draft.line, Kind.NO_VARIANTS, draft.key)
        else:
            plan.creations.append(Creation(draft, draft.category or self._tree.default, draft.statements()))
            return
        plan.refused.append(draft)

    def _settle_sku(
        self, draft: ProductDraft, item: VariantDraft, product: int | None, matches: matching.Matches, plan: Plan
    ) -> VariantDraft | None:
        """The variant, or None where another product has its SKU; a SKU that we made is then made differently."""
        owner = matches.owners.get(item.sku)
        if owner is None or owner == product:
            return item
        if item.sku_given:
            title = ProductPage.objects.filter(pk=owner).values_list("title", flat=True).first()
            plan.tell(item.line, Kind.SKU_ELSEWHERE, f"{item.sku} (“{title}”)")
            return None
        return replace(item, sku=derive(draft.key, item.options, unlike=True))

    # Products that the shop has

    def _compare(
        self, drafts: Sequence[tuple[ProductDraft, int, Statements]], matches: matching.Matches, plan: Plan
    ) -> None:
        ids = [product for _, product, _ in drafts]
        if not ids:
            return
        pages = ProductPage.objects.select_related("brand").in_bulk(ids)
        variants: dict[int, list[Variant]] = {}
        for variant in Variant.objects.filter(product__in=ids):
            variants.setdefault(variant.product_id, []).append(variant)
        known = [variant for several in variants.values() for variant in several]
        quotes = current_quotes([variant.pk for variant in known])
        levels = stock_levels(
            {variant.sku for variant in known} | {item.sku for draft, _, _ in drafts for item in draft.variants}
        )
        tags = tag_lists(ids)
        pictures = Known([draft for draft, _, _ in drafts], ids)
        for draft, product, said_before in drafts:
            page = pages[product]
            update = Update(draft, page, {**matches.statements.get(product, {}), **draft.statements()})
            update.quotes, update.levels, update.tags = quotes, levels, tags.get(product, [])
            self._compare_content(update, said_before, plan)
            self._compare_variants(update, variants.get(product, []), said_before, plan)
            _compare_pictures(update, variants.get(product, []), said_before, pictures)
            self._compare_money_and_stock(update, variants.get(product, []), said_before, quotes, levels)
            plan.updates.append(update)

    def _compare_content(self, update: Update, before: Statements, plan: Plan) -> None:
        draft, page = update.draft, update.page
        wanted = {name for name, value in draft.statements().items() if "|" not in name and before.get(name) != value}
        changes = content_changes(page, draft, wanted - {"pictures"}, update.tags)
        kept_as_draft = page.latest_revision_id is not None and page.has_unpublished_changes
        if changes and (kept_as_draft or page.locked):
            plan.tell(draft.line, Kind.DRAFT_KEPT if kept_as_draft else Kind.LOCKED, page.title)
            # Not done: the next import has to see it as new again.
            for name in wanted:
                update.statements.pop(name, None)
                if name in before:
                    update.statements[name] = before[name]
            return
        if "live" in changes and not _may_change_state(page, live=changes["live"]):
            plan.tell(draft.line, Kind.STATE_KEPT, page.title)
            del changes["live"]
        if "category" in wanted and draft.category is not None:
            self._note_other_category(update, plan)
        update.fields = changes

    def _note_other_category(self, update: Update, plan: Plan) -> None:
        path = update.draft.category or ()
        self._tree.find([path])
        category = self._tree.known_id(path)
        parent = update.page.get_parent()
        if parent is not None and category != parent.pk:
            plan.tell(update.draft.line, Kind.NOT_MOVED, f"“{update.page.title}” in “{parent.title}”")

    def _compare_variants(self, update: Update, known: list[Variant], before: Statements, plan: Plan) -> None:
        draft = update.draft
        by_sku = {variant.sku: variant for variant in known}
        named = {variant.sku for variant in draft.variants}
        by_options = {repr(variant.options): variant for variant in known if variant.sku not in named}
        update.next_position = max((variant.position + 1 for variant in known), default=0)
        kept: list[VariantDraft] = []
        for item in draft.variants:
            variant = by_sku.get(item.sku)
            twin = by_options.get(repr(item.options))
            changes: dict[str, Any] = {}
            if variant is None and twin is not None:
                if draft.continued:
                    plan.tell(item.line, Kind.OPTIONS_REPEATED, f"{item.sku} and {twin.sku}")
                    continue
                variant = twin
                if item.sku_given:
                    changes["sku"] = item.sku
                    plan.tell(item.line, Kind.SKU_CHANGED, f"{variant.sku} is now {item.sku}")
            kept.append(item)
            if variant is None:
                update.new_variants.append(item)
                continue
            facts = f"{item.sku}|facts"
            if before.get(facts) != update.statements[facts]:
                changes |= variant_changes(variant, item)
            if changes:
                update.changed_variants.append((variant, changes))
        for item in draft.variants:
            if item not in kept:
                for aspect in ("facts", "price", "stock"):
                    update.statements.pop(f"{item.sku}|{aspect}", None)
        draft.variants = kept

    def _compare_money_and_stock(
        self,
        update: Update,
        known: list[Variant],
        before: Statements,
        quotes: dict[int, Quote],
        levels: dict[str, int | None],
    ) -> None:
        by_sku = {variant.sku: variant for variant in known}
        by_options = {repr(variant.options): variant for variant in known}
        new = {item.sku for item in update.new_variants}
        for item in update.draft.variants:
            if item.sku in new:
                continue
            variant = by_sku.get(item.sku) or by_options[repr(item.options)]
            price, stock = f"{item.sku}|price", f"{item.sku}|stock"
            if before.get(price) != update.statements.get(price):
                wanted = price_change(item, quotes.get(variant.pk), self._currency)
                if wanted:
                    update.prices.append((variant, *wanted))
            if before.get(stock) != update.statements.get(stock):
                changed, level = stock_level(item, levels.get(variant.sku, 0), known=variant.sku in levels)
                if changed:
                    update.stock[item.sku if item.sku_given else variant.sku] = level


def _compare_pictures(update: Update, known: Sequence[Variant], before: Statements, pictures: Known) -> None:
    """Pictures that the file names for the first time and the product does not show."""
    draft, said = update.draft, update.statements
    if before.get("pictures") != said.get("pictures"):
        update.pictures = pictures.missing(update.page.pk, draft.pictures or [])
    by_sku = {variant.sku: variant for variant in known}
    for item in draft.variants:
        name = f"{item.sku}|picture"
        if not item.picture or item.sku not in by_sku or before.get(name) == said.get(name):
            continue
        if not pictures.is_shown(by_sku[item.sku].pk, item.picture):
            update.variant_pictures[item.sku] = item.picture


def tag_lists(ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags of each of these products, in alphabetical order."""
    found: dict[int, list[str]] = {}
    rows = ProductTag.objects.filter(content_object__in=ids).order_by("tag__name")
    for pk, name in rows.values_list("content_object", "tag__name"):
        found.setdefault(pk, []).append(name)
    return found


def _with_values(draft: ProductDraft, known: Mapping[str, Any], plan: Plan) -> ProductDraft:
    """The draft with its attributes as the shop stores them; what an attribute does not allow is left out."""
    if not draft.attributes:
        return draft
    values = {}
    for code, raw in draft.attributes.items():
        try:
            values[code] = attributes.clean_value(known[code], raw)
        except ValidationError as error:
            plan.tell(draft.line, Kind.ATTRIBUTE_UNUSABLE, " ".join(error.messages))
    return replace(draft, attributes=values)


def _may_change_state(page: ProductPage, *, live: bool) -> bool:
    """A page goes live that never was, and leaves that no editor has published."""
    return page.first_published_at is None if live else page.live_revision_id is None
