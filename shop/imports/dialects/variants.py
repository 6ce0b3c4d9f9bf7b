"""The variant in a row, in the terms of ``Columns``: Shopify's product CSV and the shop's own share them."""

from shop.catalog.models.variant import SKU_MAX_LENGTH
from shop.imports.cells import CellError, amount, barcode, flag, grams, line_of_text, quoted, whole_number
from shop.imports.dialects.columns import Columns
from shop.imports.drafts import Options, ProductDraft, VariantDraft
from shop.imports.problems import Kind
from shop.imports.reading import Row
from shop.imports.skus import SkuRegister, derive, shorten, tidy

MAX_OPTION = 255


class VariantReader:
    """Reads variants into drafts; remembers the SKUs of the whole file and the option names of one product."""

    def __init__(self, columns: Columns, currency: str, register: SkuRegister) -> None:
        self._columns, self._currency, self._register = columns, currency, register
        self._numbers = [
            int(name.removeprefix("option").removesuffix("_value"))
            for name in columns.headers
            if name.startswith("option") and name.endswith("_value")
        ]
        self._option_names: dict[int, str] = {}
        self._options: dict[str, VariantDraft] = {}  # of the product being read
        self._unnamed = False

    def finish(self, draft: ProductDraft) -> None:
        """The product is complete."""
        if draft.variants and all(variant.price is None for variant in draft.variants):
            draft.tell(draft.line, Kind.NO_PRICE, quoted(draft.title or draft.key))
        self._option_names, self._options, self._unnamed = {}, {}, False

    def read(self, row: Row, draft: ProductDraft) -> None:
        """Add the row's variant to the draft, or a problem that says why not."""
        options = self._read_options(row, draft)
        given = tidy(cell) if (cell := self._columns.cell(row.cells, "sku")) else ""
        if given != cell and given:
            draft.tell(row.line, Kind.SKU_CLEANED, quoted(given))
        if len(given) > SKU_MAX_LENGTH:
            draft.tell(row.line, Kind.SHORTENED, f"SKU {quoted(given)}")
            given = shorten(given)
        twin = self._options.get(repr(options))
        if twin is not None or (given and self._register.is_same(given, draft.key, options)):
            same = not given or given == (twin.sku if twin else given)
            kind = Kind.VARIANT_REPEATED if same else Kind.OPTIONS_REPEATED
            line = twin.line if twin else self._register.earlier_line(given)
            draft.tell(row.line, kind, f"{quoted(given or draft.key)}, line {line}")
            return
        sku = self._settle_sku(row, draft, options, given)
        variant = VariantDraft(row.line, sku, sku_given=sku == given, options=options)
        self._options[repr(options)] = variant
        self._read_facts(row, draft, variant)
        self._read_price(row, draft, variant)
        self._read_stock(row, draft, variant)
        variant.active = flag(self._columns.cell(row.cells, "active"))
        variant.picture = self._columns.cell(row.cells, "variant_image")
        draft.variants.append(variant)

    def _settle_sku(self, row: Row, draft: ProductDraft, options: Options, given: str) -> str:
        """The given SKU, or one made from handle and options; claims it."""
        sku = given
        if not given or not self._register.is_free(given):
            sku = derive(draft.key, options)
            if not self._register.is_free(sku) and not self._register.is_same(sku, draft.key, options):
                sku = derive(draft.key, options, unlike=True)
            if given:
                earlier = self._register.earlier_line(given)
                draft.tell(row.line, Kind.SKU_REPEATED, f"{quoted(given)}, line {earlier}; now {sku}")
            else:
                draft.tell(row.line, Kind.SKU_DERIVED, sku)
        self._register.claim(sku, draft.key, options, row.line)
        return sku

    def _read_options(self, row: Row, draft: ProductDraft) -> Options:
        options: Options = []
        for number in sorted(self._numbers):
            if name := line_of_text(self._columns.cell(row.cells, f"option{number}_name")):
                self._option_names.setdefault(number, name[:MAX_OPTION])
            value = line_of_text(self._columns.cell(row.cells, f"option{number}_value"))[:MAX_OPTION]
            name = self._option_names.get(number, "")
            if not value or (value == "Default Title" and name in ("", "Title")):
                continue
            if not name:
                name = f"Option {number}"
                if not self._unnamed:
                    self._unnamed = True
                    draft.tell(row.line, Kind.OPTIONS_UNNAMED, quoted(draft.title or draft.key))
            options.append([name, value])
        return options

    def _read_facts(self, row: Row, draft: ProductDraft, variant: VariantDraft) -> None:
        try:
            variant.barcode = barcode(self._columns.cell(row.cells, "barcode")) or None
        except CellError as error:
            draft.tell(row.line, Kind.BARCODE_UNUSABLE, str(error))
        cell, unit = self._columns.cell(row.cells, "grams"), ""
        if not cell:
            cell, unit = self._columns.cells_of(row.cells, ("weight", "weight_unit"))
        if cell:
            try:
                variant.weight = grams(cell, unit)
            except CellError as error:
                draft.tell(row.line, Kind.WEIGHT_UNUSABLE, str(error))

    def _read_price(self, row: Row, draft: ProductDraft, variant: VariantDraft) -> None:
        cell = self._columns.cell(row.cells, "price")
        if not cell:
            return
        try:
            variant.price = amount(cell, self._currency)
        except CellError as error:
            draft.tell(row.line, Kind.PRICE_UNUSABLE, str(error))
            return
        if variant.price == 0:
            draft.tell(row.line, Kind.PRICE_ZERO, variant.sku)
        variant.compare_at_known = "compare_at" in self._columns
        if compare_at := self._columns.cell(row.cells, "compare_at"):
            try:
                higher = amount(compare_at, self._currency)
            except CellError:
                higher = -1
            if higher > variant.price:
                variant.compare_at = higher
            elif higher != 0:  # 0 is how many systems write "none"
                draft.tell(row.line, Kind.COMPARE_AT_DROPPED, quoted(compare_at))

    def _read_stock(self, row: Row, draft: ProductDraft, variant: VariantDraft) -> None:
        cell = self._columns.cell(row.cells, "quantity")
        if cell:
            try:
                variant.quantity = whole_number(cell)
            except CellError as error:
                variant.quantity = 0
                draft.tell(row.line, Kind.QUANTITY_UNUSABLE, str(error))
            if variant.quantity < 0:
                draft.tell(row.line, Kind.QUANTITY_NEGATIVE, quoted(cell))
                variant.quantity = 0
        policy = self._columns.cell(row.cells, "policy")
        counted = flag(self._columns.cell(row.cells, "counted"))
        if policy.lower() == "continue" or flag(policy):
            variant.tracked = False  # sold on when nothing is left: nothing to keep count for
        elif counted is not None:
            variant.tracked = counted
        elif "tracker" in self._columns:
            # Shopify: an empty tracker means that nobody counts this variant.
            variant.tracked = bool(self._columns.cell(row.cells, "tracker"))
        elif cell:
            variant.tracked = True
