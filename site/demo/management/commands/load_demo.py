"""``manage.py load_demo``: the demo shop "Ipswich Retail"."""

import sys
import time
from argparse import ArgumentParser
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from demo.content import ContentError, read_content
from demo.loader import load
from demo.progress import Progress


class Command(BaseCommand):
    help = "Load the demo shop. Safe to run again: what is there, and what people have changed, stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", action="store_true", help="also bring back what has been deleted since")

    def handle(self, *args: Any, **options: Any) -> None:
        # The stream itself: Django's wrapper ends every piece with a line break, and a bar has none.
        stream: IO[str] = getattr(self.stdout, "_out", sys.stdout)
        progress = Progress(stream, quiet=options["verbosity"] == 0)
        started = time.monotonic()
        progress.say("Loading the demo shop ...")
        try:
            changed = load(read_content(), progress, missing=options["missing"])
        except ContentError as problem:
            raise CommandError(str(problem)) from problem
        if changed:
            progress.say(f"The demo shop is loaded ({time.monotonic() - started:.0f} s).")
        else:
            progress.say("The demo shop is there already; nothing was changed.")
