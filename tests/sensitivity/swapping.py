"""Putting a fault into the running process: other code for a function, or a constraint less in the database.

Nothing is written to disk, and all faults share one start of Django and one test database.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any
from unittest import mock

from django.db import connection, transaction
from django.db.models import PROTECT, ForeignKey

from tests.sensitivity.fault import Fault

ROOT = Path(__file__).resolve().parents[2]


def module_name(file: str) -> str:
    return file.removeprefix("site/").removesuffix(".py").replace("/", ".")


def functions_in(code: CodeType) -> dict[str, CodeType]:
    """The code of every function and method, by its dotted name."""
    found: dict[str, CodeType] = {}
    for each in code.co_consts:
        if isinstance(each, CodeType):
            found |= {each.co_qualname: each, **functions_in(each)}
    return found


def function_of(module: Any, name: str) -> FunctionType:
    """A function as it was written, without its decorators. Raises LookupError where there is none of that name."""
    found: Any = module
    for part in name.split("."):
        found = inspect.getattr_static(found, part, None)
    found = getattr(found, "fget", None) or getattr(found, "__func__", None) or found
    found = inspect.unwrap(found) if callable(found) else found
    if not isinstance(found, FunctionType):
        raise LookupError(f"{module.__name__} has no function {name}.")
    return found


@contextmanager
def other_code(fault: Fault) -> Iterator[None]:
    """The functions that read ``fault.new`` instead of ``fault.old``, wherever they have been imported."""
    source = (ROOT / fault.file).read_text()
    before, after = (
        functions_in(compile(text, fault.file, "exec")) for text in (source, source.replace(fault.old, fault.new))
    )
    changed = [name for name in before if "<" not in name and before[name] != after.get(name)]
    module = import_module(module_name(fault.file))
    functions = [(function_of(module, name), after[name]) for name in changed if before[name].co_flags & 2]
    if not functions:
        raise LookupError(f"“{fault.name}” changes no function.")
    kept = [(function, function.__code__) for function, _ in functions]
    try:
        for function, code in functions:
            function.__code__ = code
        yield
    finally:
        for function, code in kept:
            function.__code__ = code


@contextmanager
def without_constraint(name: str) -> Iterator[None]:
    """A constraint, or what makes a column unique, is gone from the database until the test has ended."""
    from tests.test_constraints import declared

    model, found = declared()[name]
    with transaction.atomic():
        connection.check_constraints()  # what is deferred would stand in the way
        editor = connection.SchemaEditorClass(connection, atomic=False)
        editor.deferred_sql = []
        if hasattr(found, "attname"):
            plain: Any = (
                found.clone() if not found.one_to_one else ForeignKey(found.related_model, PROTECT, null=found.null)
            )
            plain.set_attributes_from_name(found.name)
            plain.model, plain._unique = model, False
            editor.alter_field(model, found, plain, strict=False)
        else:
            # SQLite makes the table anew, with what the model has.
            rest = [each for each in model._meta.constraints if each is not found]
            with mock.patch.object(model._meta, "constraints", rest):
                editor.remove_constraint(model, found)
        try:
            yield
        finally:
            transaction.set_rollback(True)
