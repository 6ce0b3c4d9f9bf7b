"""``python -m tests.sensitivity [WORDS]``: take out one promise after the other, and see that its test fails.

Names with all WORDS only. On the database of ``DATABASE_URL``; locks mean something on PostgreSQL alone. Prints a line
for each fault and ends with 1 where one was missed: its test passed, or failed by accident, without an assertion.
"""

import os
import sys

import pytest

from tests.sensitivity.fault import CONSTRAINTS, Fault
from tests.sensitivity.faults import FAULTS
from tests.sensitivity.plugin import Sensitivity

OPTIONS = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "--reuse-db", "--no-header", "--no-summary"]


def chosen(words: list[str], *, postgres: bool) -> list[Fault]:
    return [each for each in FAULTS if (postgres or not each.postgres) and all(word in each.name for word in words)]


def main(words: list[str]) -> int:
    faults = chosen(words, postgres=os.environ.get("DATABASE_URL", "").startswith("postgres"))
    run = Sensitivity(faults, words)
    code = pytest.main([*OPTIONS, *dict.fromkeys(fault.test for fault in faults), CONSTRAINTS], plugins=[run])
    for name in run.broken:
        sys.stdout.write(f"fails without any fault: {name}\n")
    noticed = sum(verdict.noticed for verdict in run.verdicts)
    sys.stdout.write(f"{noticed} of {len(run.faults)} faults were noticed.\n")
    return 0 if 0 < noticed == len(run.faults) and code in (0, 1) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
