"""The account area's menu."""

from django import template

from shop.accounts.area import Section, registry

register = template.Library()


@register.simple_tag
def account_sections() -> list[Section]:
    """The pages of the area, in order."""
    return registry.sections()
