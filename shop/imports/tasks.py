"""Background work of imports."""

import logging
import re
from pathlib import PurePosixPath

from django_tasks import task

from shop.imports.categories import NoCategory
from shop.imports.models import ImportRun
from shop.imports.pictures.supply import supply
from shop.imports.reading import UnreadableFile
from shop.imports.runs import applying, control, staging, undoing

logger = logging.getLogger(__name__)
State = ImportRun.State
STEPS = {State.COMPARING: staging.compare, State.APPLYING: applying.apply, State.UNDOING: undoing.undo}


# Pictures of one task: a worker gets round to other things in between.
PICTURES_AT_ONCE = 100


@task()
def fetch_pictures() -> None:
    """Get some of the pictures that wait, and come back for the rest."""
    supplied = supply(most=PICTURES_AT_ONCE)
    if supplied.done + supplied.failed + supplied.later >= PICTURES_AT_ONCE:
        fetch_pictures.enqueue()


@task()
def work_on(run_id: int) -> None:
    """Do what a run is waiting for. May be called any number of times: only one caller gets it."""
    run = control.claim(run_id)
    if run is None:
        return
    try:
        STEPS[State(run.state)](run)
        if run.pictures and State(run.state) is State.APPLYING:
            fetch_pictures.enqueue()
    except control.Stopped:
        # Whoever asked to stop, or took over, is seen in the row itself.
        cancelled = State(run.state) is State.COMPARING
        control.finish(run, state=State.CANCELLED if cancelled else State.STOPPED)
    except (UnreadableFile, NoCategory) as error:
        control.finish(run, state=State.FAILED, message=_named(str(error), run))
    except Exception as error:
        logger.exception("Import %s stopped while %s.", run_id, run.state)
        control.finish(
            run,
            state=State.FAILED,
            message=f"It stopped unexpectedly ({type(error).__name__}). What went in is complete.",
        )


def _named(message: str, run: ImportRun) -> str:
    """A message about a file, by the name that it had when it was uploaded."""
    return re.sub(r"\S*" + re.escape(PurePosixPath(str(run.file.name)).name), run.file_name, message)
