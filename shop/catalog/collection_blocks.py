"""What a collection's rule is made of: conditions that editors put together."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.references import PageBlock
from shop.catalog.attribute_values import Definition, Kind, clean

VALUES_MOST = 40


class BrandCondition(blocks.StructBlock):
    """Made by one of these."""

    brands = blocks.ListBlock(SnippetChooserBlock("catalog.Brand"), min_num=1, max_num=VALUES_MOST, label="Brands")

    class Meta:
        icon = "crosshairs"
        label = "Brand is"
        label_format = "Brand is {brands}"
        description = "Made by one of these brands"


class CategoryCondition(blocks.StructBlock):
    """In one of these, or below."""

    categories = blocks.ListBlock(PageBlock("catalog.CategoryPage"), min_num=1, max_num=VALUES_MOST, label="Categories")

    class Meta:
        icon = "folder-open-inverse"
        label = "In the category"
        description = "In one of these categories or one below them"


class TagCondition(blocks.StructBlock):
    """With one of these."""

    tags = blocks.CharBlock(max_length=500, help_text="Separated by commas. A product needs one of them.")

    class Meta:
        icon = "tag"
        label = "Tag is"
        label_format = "Tag is {tags}"
        description = "Tagged with one of these words"


class PriceCondition(blocks.StructBlock):
    """Between two amounts of the shop's currency."""

    lowest = blocks.DecimalBlock(required=False, min_value=0, max_digits=12, decimal_places=2, label="From")
    highest = blocks.DecimalBlock(required=False, min_value=0, max_digits=12, decimal_places=2, label="Up to")

    class Meta:
        icon = "decimal"
        label = "Price is"
        label_format = "Price is {lowest} to {highest}"
        description = "At least one variant costs this much"

    def clean(self, value: Any) -> Any:
        """Needs an end, and in the right order."""
        result = super().clean(value)
        low, high = result["lowest"], result["highest"]
        if low is None and high is None:
            raise blocks.StructBlockValidationError({"lowest": ValidationError("Enter one amount or both.")})
        if low is not None and high is not None and low > high:
            raise blocks.StructBlockValidationError({"highest": ValidationError("This is below the other amount.")})
        return result


class AttributeCondition(blocks.StructBlock):
    """Says one of these values, or a number or date between two."""

    attribute = SnippetChooserBlock("catalog.Attribute")
    values = blocks.ListBlock(
        blocks.CharBlock(max_length=255), default=[], max_num=VALUES_MOST, label="One of these values"
    )
    lowest = blocks.CharBlock(required=False, max_length=40, label="From", help_text="Numbers and dates only.")
    highest = blocks.CharBlock(required=False, max_length=40, label="Up to", help_text="Numbers and dates only.")

    class Meta:
        icon = "list-ul"
        label = "Attribute is"
        label_format = "{attribute} is {values} {lowest} {highest}"
        description = "An attribute has one of these values, or lies between two"

    def clean(self, value: Any) -> Any:
        """What was typed must be something that the attribute can say; stored in its own form."""
        result = super().clean(value)
        attribute = Definition.of(result["attribute"])
        errors: dict[str, ValidationError] = {}
        try:
            result["values"] = [str(one) for raw in result["values"] for one in each(clean(attribute, raw))]
        except ValidationError as error:
            errors["values"] = error
        for end in ("lowest", "highest"):
            if not result[end]:
                continue
            try:
                if attribute.kind not in (Kind.NUMBER, Kind.DATE):
                    raise ValidationError(f"{attribute.name} has no order. Use the values instead.")
                result[end] = str(clean(attribute, result[end]))
            except ValidationError as error:
                errors[end] = error
        if not errors and not (result["values"] or result["lowest"] or result["highest"]):
            errors["values"] = ValidationError("Enter a value, or where it begins or ends.")
        if errors:
            raise blocks.StructBlockValidationError(errors)
        return result


def each(value: Any) -> list[Any]:
    """The values of an attribute that may have several."""
    return value if isinstance(value, list) else [] if value is None else [value]


CONDITION_BLOCKS = [
    ("brand", BrandCondition()),
    ("category", CategoryCondition()),
    ("tag", TagCondition()),
    ("price", PriceCondition()),
    ("attribute", AttributeCondition()),
    ("new", blocks.StaticBlock(icon="date", label="Is new", admin_text="First published within the last 30 days.")),
    ("on_sale", blocks.StaticBlock(icon="tag", label="Is on sale", admin_text="Has a struck-through price now.")),
    ("in_stock", blocks.StaticBlock(icon="tick", label="Is in stock", admin_text="Can be bought now.")),
]
