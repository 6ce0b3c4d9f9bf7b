"""Links that an editor sets: to a page of this site or to an address."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from cms.references import PageBlock

# A path or anchor of this site, a web address, an e-mail address or a telephone number; never ``javascript:``.
SAFE_ADDRESS = re.compile(r"(?:/(?!/)|#|\?|https?://[^\s/]|mailto:[^\s@]+@|tel:\+?\d)\S*", re.IGNORECASE)


def validate_address(value: str) -> None:
    """Raises ValidationError for anything that is not a plain address."""
    if not SAFE_ADDRESS.fullmatch(value):
        raise ValidationError(
            "Enter an address that starts with https:// or, on this site, with /. mailto: and tel: work as well.",
            code="unsafe_address",
        )


class LinkValue(blocks.StructValue):
    """What templates read: ``label`` and ``href``, both empty where there is nothing to link to."""

    @property
    def href(self) -> str:
        """Address of the chosen page while it is public, else the address typed in."""
        page = self.get("page")
        if page is not None:
            return (page.url or "") if page.live else ""
        return self.get("url") or ""

    @property
    def label(self) -> str:
        """The label typed in, else the page's title."""
        page = self.get("page")
        return self.get("label") or (page.title if page is not None else "")

    def __bool__(self) -> bool:
        return bool(self.href and self.label)


class LinkBlock(blocks.StructBlock):
    """A label and where it leads. Optional unless ``required`` is given."""

    label = blocks.CharBlock(required=False, max_length=60, help_text="Empty: the page's title.")
    page = PageBlock(required=False)
    url = blocks.CharBlock(
        required=False,
        label="or address",
        max_length=500,
        validators=[validate_address],
        help_text="Only if it is not a page of this site.",
    )

    class Meta:
        icon = "link"
        label = "Link"
        value_class = LinkValue
        required = False
        label_format = "{label}"

    def clean(self, value: Any) -> Any:
        """A link has one target; an address needs a label."""
        result = super().clean(value)
        errors: dict[str, ValidationError] = {}
        page, url, label = result.get("page"), result.get("url"), result.get("label")
        if page and url:
            errors["url"] = ValidationError("Choose a page or give an address, not both.")
        elif not page and not url and (label or self.meta.required):
            errors["page"] = ValidationError("Choose a page or give an address.")
        elif url and not label:
            errors["label"] = ValidationError("An address needs a label.")
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return result
