"""Everything that an import can have to say about a line of a file, in one place."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum


class Severity(StrEnum):
    """What became of the line."""

    REFUSED = "refused"  # it is not in the shop; a person has to change the file
    MENDED = "mended"  # it is in the shop, but not quite as the file says
    NOTE = "note"  # it is in the shop as the file says; worth knowing


class Kind(Enum):
    """What can be wrong or worth knowing. The sentence is the reason that a person reads."""

    # The file itself
    FILE_BREAKS_OFF = (Severity.REFUSED, "the file breaks off here; export or copy it again")
    MALFORMED = (Severity.REFUSED, "a quotation mark is opened in this row and not closed properly")
    FRAGMENT = (Severity.REFUSED, "looks like the rest of the malformed row above")
    TOO_MANY_CELLS = (
        Severity.REFUSED,
        "more cells than headers; a text with a comma needs quotation marks",
    )
    LINE_TOO_LONG = (Severity.REFUSED, "the line is too long to be a product")
    NUL_BYTES = (Severity.MENDED, "NUL bytes were removed")
    NOT_UTF8 = (Severity.MENDED, "not UTF-8; read as Windows-1252")
    LOOSE_QUOTES = (Severity.MENDED, "stray quotation marks in a quoted cell")
    REPEATED_HEADER = (Severity.NOTE, "a header appears twice; the first one counts")

    MARKETS_IGNORED = (Severity.NOTE, "prices for single markets are not taken; the plain price columns are")

    # Products
    NO_KEY = (Severity.REFUSED, "has neither a handle nor a title")
    NO_TITLE = (Severity.REFUSED, "is a new product without a title")
    NO_VARIANTS = (Severity.REFUSED, "none of the product's variants could be used")
    TOO_MANY_VARIANTS = (Severity.REFUSED, "the product has too many variants")
    REFUSED_BY_DATABASE = (Severity.REFUSED, "the database refused the product")
    AMBIGUOUS = (Severity.REFUSED, "several products in the shop have this handle; use --parent to say which is meant")
    HANDLE_DERIVED = (Severity.MENDED, "no handle; one was made from the title")
    HANDLE_CHANGED = (Severity.MENDED, "the handle cannot be an address as it stands; the page has a similar one")
    SLUG_TAKEN = (Severity.MENDED, "the address is taken by another page; a number was added")
    SHORTENED = (Severity.MENDED, "is too long and was shortened")
    TITLE_CONTINUES = (Severity.NOTE, "a product of this title came earlier in the file; its variants were joined")
    REPEATED_PRODUCT = (Severity.NOTE, "the product came earlier in the file; only its variants were taken from here")
    UNKNOWN_STATUS = (Severity.MENDED, "is not a known state; the product is kept as a draft")
    CATEGORY_UNREADABLE = (Severity.MENDED, "is not a category path; the product type was used")
    CATEGORY_TOO_DEEP = (Severity.MENDED, "the category path is too deep and was cut")
    MARKUP_REMOVED = (Severity.MENDED, "scripts, videos or forms were removed from the description")
    FACT_UNREADABLE = (Severity.MENDED, "is not a fact: write “Material: Oak”, one in each line")
    ATTRIBUTE_UNUSABLE = (Severity.MENDED, "the attribute was left out")
    TYPE_NOT_SOLD = (Severity.REFUSED, "products of this type are not imported; make it in the admin")
    DOWNLOADS_LEFT = (Severity.NOTE, "files to download are not imported; add them to the product in the admin")
    HIDDEN_THERE = (Severity.MENDED, "is hidden from the other shop's catalogue; it is kept as a draft")
    OTHER_CATEGORIES = (Severity.NOTE, "is in several categories; it goes into the first")
    SALE_DATED = (Severity.NOTE, "the sale price holds at another time only and was not taken")
    GIFT_CARD = (Severity.NOTE, "a gift card comes in as an ordinary product")
    IMAGES_NOT_FETCHED = (Severity.NOTE, "pictures are named by address and were not fetched")

    # Products that the shop has already
    LOCKED = (Severity.MENDED, "an editor has locked the page; words and state were not changed")
    DRAFT_KEPT = (Severity.MENDED, "an editor's unpublished draft was kept; words and state were not changed")
    NOT_MOVED = (Severity.NOTE, "the file names another category; the page stays where it is")
    STATE_KEPT = (Severity.NOTE, "an editor has decided whether the page is live; its state was not changed")

    # Variants
    SKU_DERIVED = (Severity.MENDED, "no SKU; one was made from handle and options")
    SKU_REPEATED = (Severity.MENDED, "the SKU came earlier in the file; one was made from handle and options")
    SKU_CLEANED = (Severity.MENDED, "the SKU had a spreadsheet's apostrophe or blanks")
    SKU_ELSEWHERE = (Severity.REFUSED, "the SKU belongs to another product of the shop")
    SKU_CHANGED = (Severity.NOTE, "the variant has a new SKU; stock and ledger went with it")
    VARIANT_REPEATED = (Severity.MENDED, "repeats a variant of an earlier line, which counts")
    OPTIONS_REPEATED = (
        Severity.MENDED,
        "has the options of an earlier line under another SKU; the earlier line counts",
    )
    OPTIONS_UNNAMED = (Severity.MENDED, "the options have no names; they are called Option 1, Option 2")
    BARCODE_UNUSABLE = (Severity.MENDED, "the barcode is unreadable and was left out")
    WEIGHT_UNUSABLE = (Severity.MENDED, "the weight is unreadable and was left out")
    NO_PRICE = (Severity.NOTE, "no price; the product is shown, but cannot be bought")
    PRICE_UNUSABLE = (
        Severity.MENDED,
        "the price is unreadable (write it like 12.50); the product is shown, but cannot be bought",
    )
    PRICE_ZERO = (Severity.NOTE, "the price is 0")
    COMPARE_AT_DROPPED = (Severity.MENDED, "the compare-at price is not higher than the price and was left out")
    PRICE_PROPOSED = (
        Severity.MENDED,
        "the price changes by more than you may alone; it goes into a price proposal, for somebody else to approve",
    )
    PRICE_ABOVE_LIMIT = (
        Severity.MENDED,
        "the price changes by more than you may alone and is left as it is; ask somebody with a higher limit",
    )
    QUANTITY_UNUSABLE = (Severity.MENDED, "the quantity is unreadable; 0 was taken")
    QUANTITY_NEGATIVE = (Severity.MENDED, "the quantity is below 0; 0 was taken")
    STOCK_REFUSED = (Severity.MENDED, "the stock was left as it is")
    SKU_NOT_CHANGED = (Severity.MENDED, "the variant keeps its old SKU")

    @property
    def severity(self) -> Severity:
        return self.value[0]

    @property
    def reason(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing about one line. ``line`` counts from 1, the header included; ``detail`` names the thing."""

    line: int
    kind: Kind
    detail: str = ""

    @property
    def message(self) -> str:
        return f"{self.detail}: {self.kind.reason}" if self.detail else self.kind.reason

    def __str__(self) -> str:
        return f"line {self.line}: {self.kind.severity}: {self.message}"


class ProblemTally:
    """Counts every problem, and keeps the first few of each kind: memory does not grow with the file."""

    def __init__(self, *, keep: int = 3, keep_refused: int = 200) -> None:
        self.counts: Counter[Kind] = Counter()
        self._keep, self._keep_refused = keep, keep_refused
        self._examples: dict[Kind, list[Problem]] = {}

    def add(self, problem: Problem) -> None:
        self.counts[problem.kind] += 1
        kept = self._examples.setdefault(problem.kind, [])
        if len(kept) < (self._keep_refused if problem.kind.severity is Severity.REFUSED else self._keep):
            kept.append(problem)

    def total(self, severity: Severity) -> int:
        return sum(count for kind, count in self.counts.items() if kind.severity is severity)

    def examples(self, severity: Severity) -> Iterator[tuple[Kind, list[Problem]]]:
        """Kinds of one severity in the order of ``Kind``, each with its first problems in line order."""
        for kind in Kind:
            if kind.severity is severity and kind in self._examples:
                yield kind, sorted(self._examples[kind], key=lambda problem: problem.line)
