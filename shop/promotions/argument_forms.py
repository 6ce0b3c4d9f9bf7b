"""The arguments of a promotion in its editor: one form field, whose inputs follow from the kind."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.admin.compare import TextFieldComparison
from wagtail.admin.panels import FieldPanel

from shop.promotions.kinds import Kind, UnknownKind


class ArgumentsWidget(forms.Widget):
    """An input for each field that the kind declares."""

    template_name = "admin/promotions/arguments.html"

    def __init__(self, kind: Kind | None, currency: str) -> None:
        super().__init__()
        self.kind, self.currency = kind, currency
        self.inputs = kind.fields(currency) if kind else {}

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        values = value if isinstance(value, Mapping) else {}
        context["kind"] = self.kind
        context["inputs"] = [self._input(name, key, field, values) for key, field in self.inputs.items()]
        return context

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """With the site's own templates, which Django's renderer of forms does not look through."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def _input(self, name: str, key: str, field: forms.Field, values: Mapping[str, Any]) -> dict[str, Any]:
        html_name = f"{name}-{key}"
        value = field.prepare_value(values.get(key, field.initial))
        attrs = {"id": f"id_{html_name}", **field.widget_attrs(field.widget)}
        if field.help_text:
            attrs["aria-describedby"] = f"id_{html_name}-help"
        return {
            "id": f"id_{html_name}",
            "label": field.label,
            "help": field.help_text,
            "required": field.required,
            "html": field.widget.render(html_name, value, attrs),
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        return {
            key: field.widget.value_from_datadict(data, files, f"{name}-{key}") for key, field in self.inputs.items()
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}-{key}" in data for key in self.inputs)


class ArgumentsField(forms.Field):
    """Cleans to what is stored: a value for each argument that has one."""

    def __init__(self, kind: Kind | None, currency: str) -> None:
        super().__init__(required=False, label="What the buyer gets", widget=ArgumentsWidget(kind, currency))
        self.kind = kind

    def clean(self, value: Any) -> dict[str, Any]:
        """Raises one ValidationError with a message for each argument that makes no sense or is missing.

        A draft may lack what is needed: Wagtail marks fields of what is not about to be published.
        """
        raw = value if isinstance(value, Mapping) else {}
        draft = getattr(self, "is_deferred_validation", False)
        found: dict[str, Any] = {}
        errors = []
        for key, field in self.widget.inputs.items():
            if draft and raw.get(key) in field.empty_values:
                continue
            try:
                cleaned = field.clean(raw.get(key))
            except ValidationError as error:
                errors += [ValidationError(f"{field.label}: {message}") for message in error.messages]
                continue
            if cleaned is not None:
                found[key] = cleaned
        if self.kind and not errors and not draft and (problem := self.kind.check(found)):
            errors.append(ValidationError(problem))
        if errors:
            raise ValidationError(errors)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (initial or {})
        except ValidationError:
            return True


class ArgumentsComparison(TextFieldComparison):
    """Two versions of the arguments, as people read them."""

    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        super().__init__(field, obj_a, obj_b)
        self.val_a, self.val_b = _text(obj_a), _text(obj_b)


def _text(promotion: Any) -> str:
    try:
        return str(promotion.kind_object.benefit(promotion.arguments, promotion.currency))
    except (UnknownKind, KeyError):
        return ""


class ArgumentsPanel(FieldPanel):
    """What the kind needs to know."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", "What the buyer gets")
        super().__init__(kwargs.pop("field_name", "arguments"), **kwargs)

    def get_comparison_class(self) -> type[TextFieldComparison]:
        return ArgumentsComparison
