"""What has to happen again and again: scheduled publishing, clearing out.

``settings.PERIODIC_COMMANDS`` says what and how often. Whoever runs first claims the slot in the shared cache, so any
number of workers and cron jobs may try at the same time and each command still runs once per slot. A process that stays
works in two lanes: money never waits for a feed that takes minutes.
"""

import logging
import shlex
import threading
from collections.abc import Mapping
from io import StringIO

from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connections

# Seconds between two looks at what is due: a third of the shortest interval, which is kept to that.
TICK = 10
# What is due at least so often (seconds) has a lane of its own.
OFTEN = 60
# A slot ends a little before the interval does, or a runner that is a moment early would skip every second one.
SLOT = 0.9

logger = logging.getLogger(__name__)


def claim(command: str, seconds: int) -> bool:
    """Whether this caller is the one to run ``command`` in the present slot."""
    key = "schedule:" + command.replace(" ", ":")
    return bool(caches["default"].add(key, 1, timeout=max(1, int(seconds * SLOT))))


def lanes() -> tuple[dict[str, int], dict[str, int]]:
    """What is due often, and the rest."""
    often = {command: seconds for command, seconds in settings.PERIODIC_COMMANDS.items() if seconds <= OFTEN}
    return often, {command: seconds for command, seconds in settings.PERIODIC_COMMANDS.items() if seconds > OFTEN}


def run_due(commands: Mapping[str, int] | None = None) -> list[str]:
    """Run what is due, of all or of some commands, and return those that ran.

    A command that fails is logged and does not stop the others.
    """
    ran = []
    for command, seconds in (settings.PERIODIC_COMMANDS if commands is None else commands).items():
        if not claim(command, seconds):
            continue
        name, *arguments = shlex.split(command)
        output = StringIO()
        try:
            call_command(name, *arguments, verbosity=0, stdout=output)
        except Exception:
            logger.exception("The periodic command %r failed; it runs again in %d seconds.", command, seconds)
        else:
            ran.append(command)
            for line in output.getvalue().splitlines():
                logger.debug("%s: %s", name, line)
    return ran


def run_forever(stop: threading.Event | None = None) -> None:
    """Look every ``TICK`` seconds, until ``stop`` is set. Survives an unreachable cache or database."""
    stop = stop or threading.Event()
    often, seldom = lanes()
    beside = threading.Thread(target=_keep_running, args=(seldom, stop), name="schedule-seldom", daemon=True)
    beside.start()
    _keep_running(often, stop)
    beside.join()


def _keep_running(commands: Mapping[str, int], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            run_due(commands)
        except Exception:
            logger.exception("The schedule could not be read; trying again.")
        finally:
            connections.close_all()
        stop.wait(TICK)


def start_in_background() -> threading.Thread:
    """Run the schedule beside this process's own work; it ends with the process."""
    thread = threading.Thread(target=run_forever, name="schedule", daemon=True)
    thread.start()
    return thread
