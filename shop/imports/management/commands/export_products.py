"""``manage.py export_products FILE``: see docs/importing-products.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.imports.categories import NoCategory, find_category
from shop.imports.exporting import catalogue
from shop.imports.exporting.files import ExportError, write_csv, write_xlsx
from shop.imports.exporting.tables import TABLES


class Command(BaseCommand):
    help = "Export products as the shop's own CSV or XLSX (by the file's ending), or as Shopify's product CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="What to write: products.csv or products.xlsx.")
        parser.add_argument("--format", choices=list(TABLES), default="cornhill", help="Whose columns.")
        parser.add_argument("--parent", default="", metavar="CATEGORY", help="Only below this category.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        write = {".csv": write_csv, ".xlsx": write_xlsx}.get(path.suffix.lower())
        if write is None:
            raise CommandError("Name a file that ends in .csv or .xlsx.")
        try:
            scope = find_category(options["parent"]) if options["parent"] else None
            write(TABLES[options["format"]](scope), path)
        except (NoCategory, ExportError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
        if options["verbosity"]:
            self.stdout.write(f"{catalogue.count(scope):,} products in {path}.")
