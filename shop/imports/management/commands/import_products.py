"""``manage.py import_products FILE``: see docs/importing-products.md."""

import csv
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from shop.imports.categories import NoCategory
from shop.imports.pictures.archive import PictureArchive
from shop.imports.pictures.fetching import PictureError
from shop.imports.pictures.supply import supply
from shop.imports.problems import Problem, Severity
from shop.imports.progress import ProgressBar
from shop.imports.reading import UnreadableFile
from shop.imports.reporting import summary_lines
from shop.imports.services import Listener, import_products

# The command's exit code where some rows were refused; 1 means that nothing could be read.
SOME_REFUSED = 3


class Command(BaseCommand):
    help = "Import products from a Shopify, WooCommerce or Cornhill product file (CSV, plain or gzip, or XLSX)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The CSV file, plain or gzip, or the XLSX workbook.")
        parser.add_argument(
            "--parent",
            default="",
            metavar="CATEGORY",
            help="Slug, title or address of the category to import into; default: the shop's own, made if need be.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Only say what would happen.")
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Take everything from the file, also what was changed in the shop since the last import.",
        )
        parser.add_argument(
            "--pictures", action="store_true", help="Fetch the pictures that the file names by address."
        )
        parser.add_argument(
            "--archive", type=Path, metavar="ZIP", help="A ZIP file of the pictures that the file names by file name."
        )
        parser.add_argument("--report", type=Path, metavar="CSV", help="Write every problem and note into this file.")

    def handle(self, *args: Any, **options: Any) -> None:
        bar = ProgressBar(self.stderr)
        pictures = bool(options["pictures"] or options["archive"])
        started = monotonic()
        try:
            with ExitStack() as stack:
                summary = import_products(
                    path=options["file"],
                    parent=options["parent"],
                    dry_run=options["dry_run"],
                    overwrite=options["overwrite"],
                    pictures=pictures,
                    on_progress=bar.show if options["verbosity"] else None,
                    on_problem=self._listener(options, stack, bar),
                )
        except (UnreadableFile, NoCategory) as error:
            raise CommandError(str(error)) from None
        except OperationalError as error:
            raise CommandError(
                f"The database stopped the import: {error}. What went in before is complete; run the import again."
            ) from None
        except KeyboardInterrupt:
            bar.clear()
            raise CommandError("Interrupted. What went in so far is complete; run the import again.") from None
        bar.clear()
        for line in summary_lines(summary, seconds=monotonic() - started, report=options["report"]):
            self.stdout.write(line)
        if pictures and not options["dry_run"]:
            self._fetch(options["archive"])
        if not summary.complete:
            refused = summary.problems.total(Severity.REFUSED)
            raise CommandError(
                f"{refused} problem{'s' if refused != 1 else ''} kept rows out; everything else is in.",
                returncode=SOME_REFUSED,
            )

    def _fetch(self, path: Path | None) -> None:
        with ExitStack() as stack:
            try:
                archive = stack.enter_context(PictureArchive(stack.enter_context(path.open("rb")))) if path else None
            except (OSError, PictureError) as error:
                raise CommandError(f"{path} cannot be used: {error} The products are in; the pictures wait.") from None
            supplied = supply(archive=archive)
        self.stdout.write(
            f"Pictures: {supplied.done:,} fetched, {supplied.failed:,} failed, {supplied.later:,} to be tried again."
        )

    def _listener(self, options: dict[str, Any], stack: ExitStack, bar: ProgressBar) -> Listener:
        """Hears of every problem: refused rows are shown at once, the rest with ``-v 2``; all go into the report."""
        writer = None
        if options["report"]:
            try:
                file = stack.enter_context(options["report"].open("w", newline="", encoding="utf-8"))
            except OSError as error:
                raise CommandError(f"The report cannot be written: {error}.") from None
            writer = csv.writer(file)
            writer.writerow(["line", "severity", "kind", "about", "reason"])

        def hear(problem: Problem) -> None:
            severity = problem.kind.severity
            if writer:
                writer.writerow(
                    [problem.line, severity, problem.kind.name.lower(), problem.detail, problem.kind.reason]
                )
            if options["verbosity"] >= (1 if severity is Severity.REFUSED else 2):
                bar.clear()
                self.stdout.write(str(problem))

        return hear
