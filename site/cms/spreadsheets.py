"""Tables for spreadsheet programs, in which no text is ever run as a formula."""

from typing import Any

# What Excel, LibreOffice and Google Sheets take for the beginning of a formula, also after a line's end or a tab.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run gets an apostrophe in front; everything else stays as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def unguarded(text: str) -> str:
    """The text as it was before ``harmless``: what we write, we also read."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


class SafeExportMixin:
    """For views with Wagtail's ``SpreadsheetExportMixin``: put it in front."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Called for every cell of both formats."""
        return harmless(super().preprocess_field_value(field, value, export_format))  # type: ignore[misc]
