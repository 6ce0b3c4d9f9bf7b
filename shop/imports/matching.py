"""Which product of the shop a draft is about.

1. The product that an earlier import made of the same key (a Shopify handle), wherever an editor has put it below the
   import's category.
2. The product that has the draft's SKUs: the file may have a new handle for it, or the shop may have made it itself.

3. For the shop's own export, the product at the address that the file calls it by.

Never one that only has the same name or address: a stranger's lamp must not write over the shop's own.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from wagtail.models import Page

from shop.catalog.models import ProductPage, Variant
from shop.imports.drafts import ProductDraft
from shop.imports.models import ImportedProduct

# The dialect of the shop's own exports.
OWN_SOURCE = "cornhill"
Statements = dict[str, str]
Settle = Callable[[ProductDraft, Collection[int]], None]


@dataclass(slots=True)
class Matches:
    """``products`` gives draft key -> product id; ``statements`` what was last said about a product."""

    products: dict[str, int] = field(default_factory=dict)
    statements: dict[int, Statements] = field(default_factory=dict)
    ambiguous: set[str] = field(default_factory=set)
    # SKU -> the product that has it, for every SKU of the drafts.
    owners: dict[str, int] = field(default_factory=dict)


def match(drafts: Sequence[ProductDraft], *, source: str, scope: Page | None, claimed: dict[int, str]) -> Matches:
    """Look up drafts with different keys. ``claimed``: product id -> key of the draft that is about it, in this run."""
    matches = Matches()
    if scope is None:
        return matches
    skus = [variant.sku for draft in drafts for variant in draft.variants]
    matches.owners = dict(Variant.objects.filter(sku__in=skus).values_list("sku", "product_id"))
    taken = dict(claimed)

    def settle(draft: ProductDraft, candidates: Collection[int]) -> None:
        free = [pk for pk in candidates if taken.get(pk, draft.key) == draft.key]
        if len(free) > 1:
            owned = Counter(matches.owners.get(variant.sku) for variant in draft.variants)
            free = [pk for pk in free if owned[pk] == max(owned[other] for other in free)]
        if len(free) == 1:
            matches.products[draft.key] = free[0]
            taken[free[0]] = draft.key
        elif free:
            matches.ambiguous.add(draft.key)

    _by_key(drafts, matches, settle_with=settle, source=source, scope=scope)
    rest = [draft for draft in drafts if draft.key not in matches.products and draft.key not in matches.ambiguous]
    for draft in rest:
        owned = Counter(pk for variant in draft.variants if (pk := matches.owners.get(variant.sku)) is not None)
        for pk, _ in owned.most_common():
            settle(draft, [pk])
            if draft.key in matches.products:
                break
    if source == OWN_SOURCE:
        _by_address([draft for draft in rest if draft.key not in matches.products], settle, scope)
    _remember(matches)
    return matches


def _by_key(drafts: Sequence[ProductDraft], matches: Matches, *, settle_with: Settle, source: str, scope: Page) -> None:
    candidates: dict[str, list[int]] = defaultdict(list)
    rows = ImportedProduct.objects.filter(
        source=source, key__in=[draft.key for draft in drafts], product__path__startswith=scope.path
    ).values_list("key", "product_id", "statements")
    for key, pk, statements in rows:
        candidates[key].append(pk)
        matches.statements[pk] = statements
    for draft in drafts:
        settle_with(draft, candidates[draft.key])


def _by_address(drafts: Sequence[ProductDraft], settle_with: Settle, scope: Page) -> None:
    """The shop's own export calls a product by its address: the only way to know one that has no variants."""
    root = scope.url_path.split("/")[1]
    wanted = {f"/{root}/{draft.key}/": draft for draft in drafts if "/" in draft.key}
    rows = ProductPage.objects.filter(url_path__in=wanted, path__startswith=scope.path)
    for pk, address in rows.values_list("pk", "url_path"):
        settle_with(wanted[address], [pk])


def _remember(matches: Matches) -> None:
    """What was last said about the products that were not found by their key."""
    unknown = set(matches.products.values()) - set(matches.statements)
    if unknown:
        rows = ImportedProduct.objects.filter(pk__in=unknown).values_list("product_id", "statements")
        matches.statements.update(rows)
