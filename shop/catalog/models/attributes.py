"""What kinds of product there are, and which typed facts each kind has. Editors define both."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

CODE = re.compile(r"[a-z][a-z0-9_]*")
# What a listing's address says already: an attribute of that name could not be told apart.
RESERVED_CODES = frozenset(
    {"sort", "page", "q", "sku", "available", "brand", "category", "price", "price_min", "price_max", "rating", "show"}
)
code_validator = RegexValidator(rf"^{CODE.pattern}$", "Lower-case letters, digits and _, beginning with a letter.")
colour_validator = RegexValidator(r"^#[0-9a-fA-F]{6}$", "A colour as #rrggbb, for example #7fb2c8.")


class Attribute(index.Indexed, ClusterableModel):
    """A typed fact that products may have. Values live in ``ProductPage.attributes`` under ``code``."""

    class Kind(models.TextChoices):
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        BOOLEAN = "boolean", "Yes or no"
        CHOICE = "choice", "Choice"
        COLOUR = "colour", "Colour"
        DATE = "date", "Date"

    name = models.CharField(max_length=80, help_text="As shoppers read it: Material, Capacity.")
    code = models.CharField(
        max_length=50,
        unique=True,
        validators=[code_validator],
        help_text="Its name in addresses and product files: material, capacity_ml. Do not change it later.",
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TEXT)
    unit = models.CharField(max_length=16, blank=True, help_text="Of a number: ml, cm, kg.")
    multiple = models.BooleanField("several values", default=False, help_text="Choices and colours only.")
    filterable = models.BooleanField(default=False, help_text="Shoppers can narrow listings by it.")
    searchable = models.BooleanField(default=False, help_text="The shop's search finds products by it.")
    in_facts = models.BooleanField("shown", default=True, help_text="In the table of facts on the product's page.")
    position = models.PositiveIntegerField(default=0, help_text="Lower numbers come first.")

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("unit")]),
        FieldPanel("multiple"),
        InlinePanel("choices", heading="Choices", label="Choice", help_text="For choices and colours."),
        MultiFieldPanel(
            [
                FieldPanel("filterable"),
                FieldPanel("searchable"),
                FieldPanel("in_facts"),
                FieldPanel("position"),
            ],
            heading="Where it is used",
        ),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("code"),
        index.AutocompleteField("code"),
    ]

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})" if self.unit else self.name

    @property
    def has_choices(self) -> bool:
        """Whether its values are among ``choices``."""
        return self.kind in (self.Kind.CHOICE, self.Kind.COLOUR)

    def clean(self) -> None:
        super().clean()
        if self.code in RESERVED_CODES:
            raise ValidationError({"code": f"“{self.code}” has a meaning in the shop's addresses. Choose another."})
        if self.unit and self.kind != self.Kind.NUMBER:
            raise ValidationError({"unit": "Only a number has a unit."})
        if self.multiple and not self.has_choices:
            raise ValidationError({"multiple": "Only choices and colours can have several values."})


class AttributeChoice(Orderable):
    """One of the values that an attribute may have; ``value`` is stored, ``label`` is shown."""

    attribute = ParentalKey(Attribute, on_delete=models.CASCADE, related_name="choices")
    label = models.CharField(max_length=80)
    value = models.SlugField(max_length=60, help_text="Its name in addresses and product files.")
    colour = models.CharField(
        max_length=7, blank=True, validators=[colour_validator], help_text="Of a colour: #7fb2c8."
    )

    panels = [FieldRowPanel([FieldPanel("label"), FieldPanel("value"), FieldPanel("colour")])]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["attribute", "value"], name="attribute_choice_unique")]

    def __str__(self) -> str:
        return self.label


class ProductType(index.Indexed, ClusterableModel):
    """A kind of product: which attributes it has. Categories name one for all products below them."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        InlinePanel("type_attributes", heading="Attributes", label="Attribute"),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = "product type"

    def __str__(self) -> str:
        return self.name

    @property
    def attribute_names(self) -> str:
        """For the list in the admin."""
        return ", ".join(use.attribute.name for use in self.type_attributes.select_related("attribute"))


class TypeAttribute(models.Model):
    """An attribute of a product type; ``position`` orders the facts."""

    product_type = ParentalKey(ProductType, on_delete=models.CASCADE, related_name="type_attributes")
    attribute = models.ForeignKey(Attribute, on_delete=models.CASCADE, related_name="uses")
    required = models.BooleanField(default=False, help_text="A product of this type cannot be published without it.")
    position = models.PositiveIntegerField(default=0)

    # What wagtail's inline panel orders by.
    sort_order_field = "position"

    panels = [FieldRowPanel([FieldPanel("attribute"), FieldPanel("required")])]

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["product_type", "attribute"], name="type_attribute_unique")]

    def __str__(self) -> str:
        return str(self.attribute)
