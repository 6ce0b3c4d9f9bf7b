"""Finds the page of an address in one query.

Wagtail walks down the tree, two queries per step. An address names its page completely, though: ``url_path`` is unique
and ``slug`` is indexed. The one thing that is not known beforehand is the page's type, so each process remembers it;
a wrong memory costs a further query, never a wrong page.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from wagtail.models import Page

from cms.models import BasePage

# Seconds for which the type behind an address is remembered.
REMEMBER_TYPE = 600


P = TypeVar("P", bound=BasePage)


def fresh(page: P) -> P:
    """The page as it is stored now, with what serving it needs."""
    model = type(page)
    stored: P = model._default_manager.select_related(*model.served_with).get(pk=page.pk)
    return stored


def find_page(root: Page, components: Sequence[str]) -> BasePage | None:
    """The page below ``root`` at an address, live or not; None where the tree has to be walked."""
    url_path = f"{root.url_path}{'/'.join(components)}/"
    cache = caches["process"]
    key = f"page-type:{blake2b(url_path.encode(), digest_size=16).hexdigest()}"
    remembered = cache.get(key)
    if remembered is not None and (page := _of_type(remembered, components[-1], url_path)) is not None:
        return page
    types = Page.objects.filter(slug=components[-1], url_path=url_path).values_list("content_type_id", flat=True)
    type_id = types.first()
    if type_id is None or (page := _of_type(type_id, components[-1], url_path)) is None:
        return None
    cache.set(key, type_id, REMEMBER_TYPE)
    return page


def _of_type(type_id: int, slug: str, url_path: str) -> BasePage | None:
    model = ContentType.objects.get_for_id(type_id).model_class()
    if model is None or not issubclass(model, BasePage):
        return None
    found: BasePage | None = (
        model._default_manager.select_related(*model.served_with).filter(slug=slug, url_path=url_path).first()
    )
    return found
