"""Every address of the site, and input that no form of ours would send."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product as combinations
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django import forms
from django.urls import URLResolver, get_resolver
from django_filters import FilterSet

REPOSITORY = Path(__file__).resolve().parent.parent
ROOMS = ("storefront", "cms", "home", "search", "shop", "demo")

# As they stand in an address: percent-encoded where a browser would, raw bytes where only an attacker does.
QUERY_VALUES = {
    "nul": "%00",
    "quote": "%22",
    "unbalanced": "%22%27%28%2A%3A%5E",
    "operators": "AND+OR+NOT+NEAR+%2A+-+%2B",
    "not utf-8": "%ff%fe%80",
    "half a surrogate": "%ed%a0%80",
    "overlong": "a" * 6000,
    "many words": "+".join(["mug"] * 500),
    "negative": "-1",
    "beyond 64 bits": "9" * 30,
    "not a number": "1e999",
    "nan": "nan",
    "dots": "..%2F..%2Fetc%2Fpasswd",
    "empty": "",
    "percent": "%25%",
    "right to left": "%E2%80%AE%F0%9F%AB%96",
    "digits that are none": "%C2%B2%D9%A3",
}
TEXT_IN_PATH = ["x", "%00", "%22'", "%ff%fe", "-1", "9" * 30, "a" * 1500, "%F0%9F%AB%96", "..%2f"]
INT_IN_PATH = ["0", "1", "9" * 18, "9" * 30]


@cache
def parameter_names() -> list[str]:
    """Names that any view or form of ours reads, found in the code, so that a new one is tried without being listed."""
    pattern = re.compile(r"""\b(?:GET|POST|data|params|query)(?:\.get|\.getlist|\.pop)?[(\[]\s*["']([\w-]+)["']""")
    found = {"q", "query", "page", "p", "sort", "next"}
    folders = [*ROOMS[2:5], "site"]
    for source in (file for folder in folders for file in (REPOSITORY / folder).rglob("*.py")):
        if "tests" not in source.parts:
            found.update(pattern.findall(source.read_text()))
    for form in all_forms(forms.BaseForm):
        found.update(getattr(form, "base_fields", {}))
    for filters in all_forms(FilterSet):
        found.update(filters.base_filters)
    return sorted(found)


def all_forms(form: type[Any]) -> Iterator[type[Any]]:
    """The forms, or filters, of our own rooms that have been imported."""
    for child in form.__subclasses__():
        if child.__module__.partition(".")[0] in ROOMS:
            yield child
        yield from all_forms(child)


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every route of the site as a template, ``orders/%(token)s/``, with the converter of each parameter."""
    resolver = resolver or get_resolver()
    for name in resolver.reverse_dict:
        for possibilities, _pattern, _defaults, converters in resolver.reverse_dict.getlist(name):
            for template, _parameters in possibilities:
                yield prefix + template, converters
    for inner_prefix, inner in resolver.namespace_dict.values():
        yield from routes(inner, prefix + inner_prefix)


def addresses(template: str, converters: dict[str, Any]) -> list[str]:
    """Paths to try for a route: hostile values for each parameter, whatever it would accept."""
    names = re.findall(r"%\((\w+)\)s", template)
    if not names:
        return ["/" + template.replace("%%", "%")]
    choices = [INT_IN_PATH if type(converters.get(name)).__name__ == "IntConverter" else TEXT_IN_PATH for name in names]
    # One parameter after the other is hostile while the rest are harmless; all at once would be thousands.
    tried = {tuple(options[0] for options in choices)}
    for position, options in enumerate(choices):
        for value in options:
            row = [other[0] for other in choices]
            row[position] = value
            tried.add(tuple(row))
    return ["/" + template % dict(zip(names, row, strict=True)) for row in sorted(tried)]


def queries() -> dict[str, str]:
    """A query string per kind of hostility, with every known parameter set to it."""
    names = [quote(name) for name in parameter_names()]
    found = {}
    for kind, value in QUERY_VALUES.items():
        # An overlong value once: the whole line has a limit of its own, which the server holds.
        chosen = names if len(value) < 100 else ["q"]
        found[kind] = "&".join(f"{name}={value}" for name in chosen)
    found["names"] = "%00=1&%ff=1&[]=1&q[]=1&q[$ne]=1&=&&&"
    found["repeated"] = "&".join(f"{name}={n}" for name, n in combinations(names, range(3)))
    return found
