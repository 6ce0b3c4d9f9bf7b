"""``manage.py search_eval CATALOGUE JUDGEMENTS``: see docs/search.md."""

from argparse import ArgumentParser
from collections.abc import Callable, Collection, Mapping, Sequence
from csv import Error as CsvError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from search import indexing
from search.evaluation import SECTION, UnreadableTable, evaluate, read_catalogue, read_judgements
from search.forms import clean_query
from search.retrieval import ranked
from search.sources import PRODUCTS
from shop.catalog.models import Variant

# Results of a query that are looked at.
PLACES = 50


class Command(BaseCommand):
    help = "Measure the ranking against judged queries: nDCG@10, recall@10, zero results and latency."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("catalogue", type=Path, help="A Shopify product CSV, plain or gzip.")
        parser.add_argument("judgements", type=Path, help="A CSV with the columns query, sku and label (E, S, C, I).")
        parser.add_argument(
            "--shop",
            action="store_true",
            help="Search the products that the shop has, imported from that catalogue before, instead of the file.",
        )
        parser.add_argument("--queries", action="store_true", help="List the score of every query as well.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            judgements = read_judgements(options["judgements"])
            catalogue = [] if options["shop"] else read_catalogue(options["catalogue"])
        except (OSError, EOFError, CsvError, UnreadableTable) as error:
            raise CommandError(f"Cannot read the tables: {error}") from None
        if not judgements:
            raise CommandError(f"{options['judgements']} judges nothing.")
        judged = {sku for labels in judgements.values() for sku in labels}
        if options["shop"]:
            skus: dict[int, list[str]] = {}
            for product_id, sku in Variant.objects.order_by("position").values_list("product_id", "sku").iterator():
                skus.setdefault(product_id, []).append(sku)
            report = evaluate(judgements, _search(PRODUCTS, skus, judged))
        else:
            # Nothing of it stays: the shop's own index is untouched.
            with transaction.atomic():
                indexing.write([document for document, _ in catalogue])
                indexing.recount()
                indexing.tidy()
                skus = {document.object_id: skus for document, skus in catalogue}
                report = evaluate(judgements, _search(SECTION, skus, judged))
                transaction.set_rollback(True)
        if options["queries"]:
            for query, score in sorted(report.scores.items(), key=lambda item: item[1]):
                self.stdout.write(f"{score:.3f}  {query}")
        for line in report.lines():
            self.stdout.write(line)


def _search(section: str, skus: Mapping[int, Sequence[str]], judged: Collection[str]) -> Callable[[str], list[str]]:
    """A product takes one place, whichever of its variants was judged."""

    def search(query: str) -> list[str]:
        found = ranked(section=section, query=clean_query(query)).object_ids[:PLACES]
        return [next((sku for sku in own if sku in judged), own[0]) for pk in found if (own := skus.get(pk, ()))]

    return search
