"""How far the long proofs go: ``make test`` takes samples, ``make test-long`` (``CORNHILL_LONG=1``) the full numbers.

A test that asks here is marked ``long``; tests/architecture holds it to that.
"""

import os
from typing import TypeVar

T = TypeVar("T")

LONG = os.environ.get("CORNHILL_LONG", "") not in ("", "0")


# Hypothesis remembers every example of a run: a hundred thousand carts would take 1.6 GB.
EXAMPLES_AT_ONCE = 1_000
# What an example stores and undoes stays in the tables until the test's transaction ends, and slows down the next ones.
STORED_AT_ONCE = 50


def at_length(full: T, *, sample: T) -> T:
    """``full`` in the long run, ``sample`` in the usual one."""
    return full if LONG else sample


def many_times(examples: int, *, at_once: int = EXAMPLES_AT_ONCE) -> tuple[range, int]:
    """How often to run a Hypothesis test, and with how many examples each time, for so many in all.

    Under ``--hypothesis-seed`` it would try the same examples each time.
    """
    each = min(examples, at_once)
    return range(examples // each), each
