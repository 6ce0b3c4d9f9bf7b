"""Named places between two steps at which a test may kill the process, to see what a crash there leaves behind.

``CORNHILL_FAILPOINT=capture:answered`` in the environment kills the process (as ``kill -9`` does) the first time it
comes by. Without the variable a place costs one comparison. It is read once, when the process starts; ``arm`` is for
one that has started.
"""

import os
import signal

# Before and after each commit and each call to a provider, on the way of an order and of its money.
NAMES = frozenset(
    {
        "place:before-commit",
        "place:committed",
        "start:before",
        "start:answered",
        "confirm:answered",
        "capture:before",
        "capture:answered",
        "cancel:before",
        "cancel:answered",
        "record:before-commit",
        "record:committed",
        "event:before-commit",
        "event:committed",
        "refund:before-commit",
        "refund:committed",
        "refund:before",
        "refund:answered",
        "refund-record:before-commit",
        "refund-record:committed",
    }
)

_armed = os.environ.get("CORNHILL_FAILPOINT", "")


def arm(name: str) -> None:
    """Kill this process where it comes by ``name``; an empty name disarms."""
    global _armed
    _armed = name


def hit(name: str) -> None:
    """Pass a place. Raises KeyError for one that ``NAMES`` does not know, while any is armed."""
    if not _armed:
        return
    if name not in NAMES:
        raise KeyError(name)
    if name == _armed:
        os.kill(os.getpid(), signal.SIGKILL)
