"""Who works on a run, and in which state it is. Every move is one conditional update."""

import logging
import threading
from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from shop.imports.models import ImportRun

logger = logging.getLogger(__name__)
State = ImportRun.State

# A run whose worker has said nothing for so long has no worker any more: a portion takes seconds.
SILENT_MOST = timedelta(minutes=5)
# Where no worker serves a queue, files up to this size (bytes) are worked on within the request; larger ones beside it.
INLINE_MOST = 256 * 1024


class RunBusy(Exception):
    """The run is not in a state in which this can be done; the message is for people."""


class Stopped(Exception):
    """Somebody wants the work to stop, or somebody else has taken it over."""


def start(run: ImportRun, *, state: str, allowed: Collection[str]) -> None:
    """Put a run into a working state and hand it to the background. Raises RunBusy."""
    moved = ImportRun.objects.filter(pk=run.pk, state__in=allowed).update(
        state=state, phase=state, progress=0.0, message="", stop_requested=False, token="", heartbeat=timezone.now()
    )
    if not moved:
        raise RunBusy("The import has moved on meanwhile. Look at it again.")
    run.refresh_from_db()
    transaction.on_commit(partial(_hand_over, run.pk, run.file.size))


def stop(run: ImportRun) -> None:
    """Ask whoever works on the run to stop after the portion in hand; cancel a run that nobody works on."""
    if ImportRun.objects.filter(pk=run.pk, state=State.REVIEW).update(state=State.CANCELLED):
        return
    ImportRun.objects.filter(pk=run.pk, state__in=ImportRun.WORKING).update(stop_requested=True)


def resume(run: ImportRun) -> None:
    """Go on with a run that stopped, failed, or lost its worker. Raises RunBusy."""
    if run.is_working and not is_silent(run):
        raise RunBusy("The import is being worked on.")
    allowed = {State.STOPPED, State.FAILED, *(ImportRun.WORKING if is_silent(run) else ())}
    start(run, state=run.phase or State.COMPARING, allowed=allowed)


def is_silent(run: ImportRun) -> bool:
    """Whether a run is in a working state, but its worker is gone."""
    return run.is_working and (run.heartbeat is None or run.heartbeat < timezone.now() - SILENT_MOST)


def claim(run_id: int) -> ImportRun | None:
    """Take a run that waits for a worker; None where somebody else has it, or there is nothing to do."""
    token = uuid4().hex
    free = ImportRun.objects.filter(pk=run_id, state__in=ImportRun.WORKING)
    silent = free.filter(heartbeat__lt=timezone.now() - SILENT_MOST)
    for candidates in (free.filter(token=""), silent):
        if candidates.update(token=token, heartbeat=timezone.now()):
            return ImportRun.objects.get(pk=run_id)
    return None


def beat(run: ImportRun, *, progress: float) -> None:
    """Say that the work goes on; part of the portion's transaction. Raises Stopped."""
    mine = ImportRun.objects.filter(pk=run.pk, token=run.token, stop_requested=False)
    if not mine.update(heartbeat=timezone.now(), progress=progress):
        raise Stopped


def finish(run: ImportRun, *, state: str, message: str = "", **fields: Any) -> None:
    """Leave a run in a state in which nobody works on it; nothing where somebody else has taken it over."""
    ImportRun.objects.filter(pk=run.pk, token=run.token).update(
        state=state, token="", stop_requested=False, message=message[:500], **fields
    )


def _hand_over(run_id: int, size: int) -> None:
    from shop.imports.tasks import work_on

    immediate = settings.TASKS["default"]["BACKEND"].endswith("ImmediateBackend")
    if not immediate or size <= INLINE_MOST:
        work_on.enqueue(run_id)
        return
    # Without a worker a large file would keep the browser waiting for minutes.
    threading.Thread(target=_beside, args=[run_id], name=f"import-{run_id}").start()


def _beside(run_id: int) -> None:
    from shop.imports.tasks import work_on

    try:
        work_on.call(run_id)
    finally:
        connections.close_all()
