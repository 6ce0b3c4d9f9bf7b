"""Fills in Wagtail's editing forms as a browser would."""

from typing import Any

from django.db.models import Model
from django.http import QueryDict
from wagtail.fields import StreamField
from wagtail.test.utils.form_data import querydict_from_html


def filled_form(client: Any, url: str, model: type[Model], form_id: str | None = None, **values: str) -> QueryDict:
    """The form at an address as it comes, with some values changed. Bodies of blocks are left empty."""
    response = client.get(url)
    assert response.status_code == 200, f"{url} answered {response.status_code}"
    data = querydict_from_html(response.content.decode(), form_id=form_id or "page-edit-form").copy()
    for field in model._meta.get_fields():
        if isinstance(field, StreamField):
            data[f"{field.name}-count"] = "0"
    for name, value in values.items():
        data[name.replace("__", "-")] = value
    return data
