"""Which rows of the variants' table are on the screen: words, chosen options, and a page of what is left."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from shop.catalog.models import Variant
from shop.catalog.services import OPTIONS_MOST

# Rows on one page: more make the screen slow, and the script reaches the others without showing them.
PER_PAGE = 50
WORDS_MOST = 100
PAGE_DIGITS_MOST = 4


@dataclass(frozen=True, slots=True)
class VariantFilter:
    """What was chosen. ``options`` is the value of each option by its place, ``{0: "Sea"}``."""

    words: str = ""
    options: Mapping[int, str] = field(default_factory=dict)
    page: int = 1

    @property
    def is_set(self) -> bool:
        """Whether rows may be left out."""
        return bool(self.words or self.options)

    def query(self, page: int | None = None) -> str:
        """The choices as an address carries them, ``?q=sea&page=2``; empty for all rows from the first."""
        pairs = [("q", self.words)] if self.words else []
        pairs += [(f"o{slot}", value) for slot, value in self.options.items()]
        if (number := page or self.page) > 1:
            pairs.append(("page", str(number)))
        return f"?{urlencode(pairs)}" if pairs else ""

    def at(self, page: int) -> "VariantFilter":
        return replace(self, page=page)

    def matching(self, variants: Collection[Variant], names: Sequence[str]) -> list[Variant]:
        """The variants that have every word in their SKU or a value of theirs, and the chosen options."""
        words = self.words.casefold().split()
        chosen = [[names[slot], value] for slot, value in self.options.items() if slot < len(names)]
        return [
            variant
            for variant in variants
            if all(pair in variant.options for pair in chosen) and all(word in _text(variant) for word in words)
        ]


def _text(variant: Variant) -> str:
    return " ".join([variant.sku, variant.barcode, *(value for _, value in variant.options)]).casefold()


def read_filter(parameters: Mapping[str, str]) -> VariantFilter:
    """What the parameters make sense of; the rest is as good as none."""
    options = {slot: value for slot in range(OPTIONS_MOST) if (value := parameters.get(f"o{slot}", ""))}
    page = parameters.get("page", "")
    digits = page.isascii() and page.isdigit() and len(page) <= PAGE_DIGITS_MOST
    return VariantFilter(
        words=parameters.get("q", "").strip()[:WORDS_MOST], options=options, page=max(int(page), 1) if digits else 1
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A select of the filter: the values of one option."""

    name: str
    label: str
    values: list[str]
    chosen: str


def choices(variants: Collection[Variant], names: Sequence[str], chosen: VariantFilter) -> list[Choice]:
    """One select per option, with its values in the order of the variants."""
    values: list[dict[str, None]] = [{} for _ in names]
    places = {name: slot for slot, name in enumerate(names)}
    for variant in variants:
        for name, value in variant.options:
            values[places[name]][value] = None
    return [
        Choice(f"o{slot}", name, list(values[slot]), chosen.options.get(slot, "")) for slot, name in enumerate(names)
    ]
