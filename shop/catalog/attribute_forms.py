"""A product's attributes in the page editor: one form field, whose inputs follow the product's type."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.admin.compare import TextFieldComparison
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel

from shop.catalog import attribute_values
from shop.catalog.attribute_values import Definition, Kind

YES_NO = (("", "Not said"), ("true", "Yes"), ("false", "No"))


def input_field(attribute: Definition) -> forms.Field:
    """The input of one attribute. What it takes is checked by ``attribute_values``, not here."""
    if attribute.has_choices:
        choices = [(choice.value, choice.label) for choice in attribute.choices]
        if attribute.multiple:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)
        return forms.ChoiceField(choices=[("", "Not said"), *choices])
    if attribute.kind == Kind.BOOLEAN:
        return forms.ChoiceField(choices=YES_NO)
    if attribute.kind == Kind.DATE:
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}))
    number = {"inputmode": "decimal"} if attribute.kind == Kind.NUMBER else {}
    return forms.CharField(widget=forms.TextInput(attrs={"maxlength": attribute_values.TEXT_MOST, **number}))


class AttributesWidget(forms.Widget):
    """The inputs of all attributes; a hidden list says which were shown, so that the others stay as they are."""

    template_name = "admin/catalog/attributes.html"

    def __init__(self, definitions: Sequence[Definition], required: set[str]) -> None:
        super().__init__()
        self.definitions, self.required = definitions, required

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return ""

    @staticmethod
    def _name(name: str, code: str) -> str:
        return f"{name}-{code}"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        values = value if isinstance(value, Mapping) else {}
        context["attributes"] = [
            self._input(name, attribute, values.get(attribute.code)) for attribute in self.definitions
        ]
        return context

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """With the site's own templates, which Django's renderer of forms does not look through."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def _input(self, name: str, attribute: Definition, value: Any) -> dict[str, Any]:
        if isinstance(value, bool):
            value = "true" if value else "false"
        html_name = self._name(name, attribute.code)
        many = attribute.has_choices and attribute.multiple
        if many and not isinstance(value, list):
            value = [] if value is None else [value]
        widget = input_field(attribute).widget
        html: SafeString = widget.render(html_name, value, {"id": f"id_{html_name}"})
        return {
            "code": attribute.code,
            "name": attribute.name,
            "unit": attribute.unit,
            "required": attribute.code in self.required,
            "id": f"id_{html_name}",
            "several": many,
            "html": html,
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        getlist = getattr(data, "getlist", lambda key: [data[key]] if key in data else [])
        shown = set(" ".join(getlist(f"{name}-shown")).split())
        found: dict[str, Any] = {}
        for attribute in self.definitions:
            if attribute.code in shown:
                raw = getlist(self._name(name, attribute.code))
                several = attribute.has_choices and attribute.multiple
                found[attribute.code] = raw if several else (raw[-1] if raw else None)
        return found

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-shown" not in data


class AttributesField(forms.Field):
    """Cleans to everything that is stored: what the form says, beside what it did not show."""

    def __init__(self, definitions: Sequence[Definition], required: set[str], stored: Mapping[str, Any]) -> None:
        super().__init__(required=False, label="Attributes", widget=AttributesWidget(definitions, required))
        self.definitions, self.needed, self.stored = definitions, required, dict(stored)

    def clean(self, value: Any) -> dict[str, Any]:
        """Raises one ValidationError with a message for each value that makes no sense or is missing.

        A draft may lack what is needed: Wagtail marks fields whose page is not about to be published.
        """
        raw = value if isinstance(value, Mapping) else {}
        kept = dict(self.stored)
        errors = []
        draft = getattr(self, "is_deferred_validation", False)
        for attribute in self.definitions:
            if attribute.code not in raw:
                continue
            try:
                cleaned = attribute_values.clean(attribute, raw[attribute.code])
            except ValidationError as error:
                errors.append(error)
                continue
            if cleaned is None:
                kept.pop(attribute.code, None)
                if attribute.code in self.needed and not draft:
                    errors.append(ValidationError(f"{attribute.name}: needed before this product can be published."))
            else:
                kept[attribute.code] = cleaned
        if errors:
            raise ValidationError(errors)
        return kept

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != self.stored
        except ValidationError:
            return True


class ProductPageForm(WagtailAdminPageForm):
    """Puts the inputs of the product's own attributes in place of a field of JSON."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "attributes" in self.fields:
            from shop.catalog import attributes  # reads the models that this form is for

            product = self.instance
            parent = self.parent_page
            # A new page is below its parent, whatever its path will be.
            path = product.path or (f"{parent.path}{'0' * product.steplen}" if parent else "")
            stored = product.attributes if isinstance(product.attributes, dict) else {}
            known = attributes.definitions()
            codes = known.codes(path, product.product_type_id, stored)
            found = [known.attributes[code] for code in codes if code in known.attributes]
            self.fields["attributes"] = AttributesField(found, known.required(path, product.product_type_id), stored)
            self.initial["attributes"] = stored


class AttributesComparison(TextFieldComparison):
    """Two versions of a product's attributes, as people read them."""

    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        from shop.catalog import attributes

        super().__init__(field, obj_a, obj_b)
        self.val_a, self.val_b = (
            "; ".join(f"{value.name}: {value.text}" for value in attributes.values(obj)) for obj in (obj_a, obj_b)
        )


class AttributesPanel(FieldPanel):
    """What a product says for the attributes of its type."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", "Attributes")
        kwargs.setdefault("icon", "list-ul")
        super().__init__(kwargs.pop("field_name", "attributes"), **kwargs)

    def get_comparison_class(self) -> type[TextFieldComparison]:
        return AttributesComparison
