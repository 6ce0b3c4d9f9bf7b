"""The end of an import, told to a person."""

from collections.abc import Iterator
from pathlib import Path

from shop.imports.problems import Severity
from shop.imports.services import ImportSummary, Outcome

HEADINGS = {Severity.MENDED: "Mended", Severity.NOTE: "Worth knowing"}


def summary_lines(summary: ImportSummary, *, seconds: float, report: Path | None = None) -> Iterator[str]:
    """What happened, in the order in which somebody wants to know it. Refused rows have been listed before."""
    products = summary.products
    total = sum(products.values())
    rate = f", {total / seconds:,.0f}/s" if seconds and total else ""
    mode = "Dry run, nothing was written. " if summary.dry_run else ""
    place = f" into “{summary.parent}”" if summary.parent else ""
    yield f"{mode}{summary.dialect} “{summary.file}”{place}: {_count(total, 'product')} in {seconds:.1f} s{rate}."
    yield "  " + ", ".join(f"{products[outcome]:,} {outcome.value}" for outcome in Outcome)
    yield (
        f"  new: {_count(summary.new_variants, 'variant')} of {summary.variants:,}, "
        f"{_count(summary.brands, 'brand')}, {_count(summary.categories, 'category', 'categories')}"
    )
    if summary.images:
        yield f"  {_count(summary.images, 'picture')} named by address, not fetched"
    for severity, heading in HEADINGS.items():
        if not summary.problems.total(severity):
            continue
        yield f"{heading}:"
        for kind, examples in summary.problems.examples(severity):
            count = summary.problems.counts[kind]
            lines = ", ".join(str(problem.line) for problem in examples)
            more = f" and {count - len(examples):,} more" if count > len(examples) else ""
            yield f"  {count:,} x {kind.reason} (line{'s' if count > 1 else ''} {lines}{more})"
    if any(summary.problems.counts.values()) and report is None:
        yield "  --report FILE.csv lists them all."


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
