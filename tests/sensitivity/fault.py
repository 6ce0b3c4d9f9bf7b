"""What a fault is."""

from dataclasses import dataclass

CONSTRAINTS = "tests/test_constraints.py::test_the_database_refuses"


@dataclass(frozen=True, slots=True)
class Fault:
    """In ``file`` the one place that reads ``old`` becomes ``new``, or a ``constraint`` is gone: ``test`` fails then.

    Locks mean nothing on SQLite, where one writes at a time: those faults need PostgreSQL.
    """

    name: str
    file: str = ""
    old: str = ""
    new: str = ""
    test: str = ""
    postgres: bool = False
    constraint: str = ""


def lock(name: str, file: str, old: str, test: str, new: str | None = None) -> Fault:
    """A row is read without its lock."""
    new = new or old.replace(".select_for_update()", "").replace(".select_for_update(no_key=True)", "")
    return Fault(name, file, old, new, test, postgres=True)


def constraint(name: str, test: str) -> Fault:
    """The database does not refuse any more what it should."""
    return Fault(f"no constraint {name}", test=test, constraint=name)
