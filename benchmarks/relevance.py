"""Whether the ranking's constants fit the judged queries only, or would have been chosen without them.

    DATABASE_URL=postgres://root@127.0.0.1:5432/postgres python benchmarks/relevance.py     # without: SQLite

Each constant of ``search/ranking.py`` is halved and doubled, one at a time, on the judged catalogue in CORNHILL_DATA.
Then, many times, the queries are dealt into five parts: the best variation of four parts is asked the fifth, which it
has not seen. Where that scores as the shipped constants do, they owe little to these queries. Works in a test database.
"""

import os
import random
import sys
from pathlib import Path
from statistics import mean, stdev

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.test")

DATA = Path(os.environ.get("CORNHILL_DATA", ROOT.parent / "shared" / "data")) / "esci"
CONSTANTS = ("TITLE", "BRAND", "FACTS", "BODY", "SATURATION", "LENGTH", "NEIGHBOURS")
FACTORS = (0.5, 2.0)
PARTS = 5
DEALS = 40

# Variation -> query -> nDCG@10.
Scores = dict[str, dict[str, float]]
SHIPPED = "as shipped"


def measure() -> Scores:
    """Every variation on every query."""
    from search import indexing, ranking
    from search.evaluation import SECTION, evaluate, read_catalogue, read_judgements
    from search.forms import clean_query
    from search.retrieval import ranked

    judgements = read_judgements(DATA / "judgements.csv")
    judged = {sku for labels in judgements.values() for sku in labels}
    catalogue = read_catalogue(DATA / "products.csv.gz")
    indexing.write([document for document, _ in catalogue])
    indexing.recount()
    indexing.tidy()
    skus = {document.object_id: own for document, own in catalogue}

    def search(query: str) -> list[str]:
        found = ranked(section=SECTION, query=clean_query(query)).object_ids[:50]
        return [next((sku for sku in own if sku in judged), own[0]) for pk in found if (own := skus.get(pk, ()))]

    scores: Scores = {SHIPPED: dict(evaluate(judgements, search).scores)}
    for name in CONSTANTS:
        before = getattr(ranking, name)
        for factor in FACTORS:
            setattr(ranking, name, before * factor)
            scores[f"{name} x {factor}"] = dict(evaluate(judgements, search).scores)
        setattr(ranking, name, before)
    return scores


def unseen(scores: Scores) -> list[float]:
    """Per deal, what the variations that were chosen without a part score on it."""
    chance = random.Random(5)
    queries = sorted(scores[SHIPPED])
    means = []
    for _ in range(DEALS):
        chance.shuffle(queries)
        found = []
        for part in range(PARTS):
            kept = queries[part::PARTS]
            others = [query for query in queries if query not in kept]
            best = max(scores, key=lambda name: mean(scores[name][query] for query in others))
            found += [scores[best][query] for query in kept]
        means.append(mean(found))
    return means


def main() -> None:
    import django

    django.setup()
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        scores = measure()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    for variation, found in sorted(scores.items(), key=lambda item: -mean(item[1].values())):
        print(f"{variation:<20} nDCG@10 {mean(found.values()):.4f}")
    means = unseen(scores)
    print(f"chosen on four fifths, asked the fifth: {mean(means):.4f} (deviation {stdev(means):.4f}, {DEALS} deals)")


if __name__ == "__main__":
    main()
