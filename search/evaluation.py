"""How good the ranking is, against judgements of people: nDCG@10, recall@10, queries without results, latency."""

import csv
import gzip
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from math import log2
from pathlib import Path
from statistics import mean, median
from time import perf_counter

from search.documents import Document

GAINS = {"E": 1.0, "S": 0.1, "C": 0.01, "I": 0.0}
DEPTH = 10
# The section that a catalogue is looked through in for the time of an evaluation.
SECTION = "evaluation"
FIELD_SIZE = 10_000_000

Judgements = Mapping[str, Mapping[str, str]]


class UnreadableTable(ValueError):
    """A file without the columns that are needed; the message names them."""


@dataclass(frozen=True)
class Report:
    """Means over all judged queries; ``latencies`` in milliseconds."""

    scores: Mapping[str, float]
    recalls: Mapping[str, float]
    empty: Sequence[str]
    latencies: Sequence[float]

    def lines(self) -> Iterator[str]:
        """The report as people read it."""
        ordered = sorted(self.latencies)
        yield f"Queries       {len(self.scores)}"
        yield f"nDCG@{DEPTH}       {mean(self.scores.values()):.4f}"
        yield f"Recall@{DEPTH}     {mean(self.recalls.values()):.4f}"
        yield f"Zero results  {len(self.empty)}"
        yield f"Latency       {median(ordered):.1f} ms median, {ordered[int(0.95 * (len(ordered) - 1))]:.1f} ms p95"


def evaluate(judgements: Judgements, search: Callable[[str], Sequence[str]]) -> Report:
    """``search`` gives the SKUs that a query finds, best first."""
    scores, recalls, empty, latencies = {}, {}, [], []
    for query, labels in judgements.items():
        started = perf_counter()
        found = list(dict.fromkeys(search(query)))
        latencies.append(1000 * (perf_counter() - started))
        scores[query] = ndcg(found, labels)
        recalls[query] = recall(found, labels)
        if not found:
            empty.append(query)
    return Report(scores, recalls, empty, latencies)


def ndcg(found: Sequence[str], labels: Mapping[str, str]) -> float:
    """Linear gain, log2 discount; what nobody judged is worth nothing."""
    gained = _dcg(GAINS.get(labels.get(sku, ""), 0.0) for sku in found[:DEPTH])
    best = _dcg(sorted((GAINS[label] for label in labels.values()), reverse=True)[:DEPTH])
    return gained / best if best else 0.0


def _dcg(gains: Iterable[float]) -> float:
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains))


def recall(found: Sequence[str], labels: Mapping[str, str]) -> float:
    """The share of the exact matches among the first ten; of ten where there are more than ten."""
    exact = {sku for sku, label in labels.items() if label == "E"}
    return len(exact & set(found[:DEPTH])) / min(len(exact), DEPTH) if exact else 0.0


def read_judgements(path: Path) -> Judgements:
    """Columns ``query``, ``sku``, ``label``. Raises UnreadableTable."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _rows(path, ("query", "sku", "label")):
        label = row["label"].strip().upper()[:1]
        if label in GAINS:
            found[row["query"]][row["sku"].strip()] = label
    return found


def read_catalogue(path: Path) -> list[tuple[Document, list[str]]]:
    """The products of a Shopify product file with their SKUs. Raises UnreadableTable."""
    products: dict[str, tuple[dict[str, str], list[str]]] = {}
    handle = ""
    for row in _rows(path, ("Title",)):
        handle = _cell(row, "Handle", "URL handle") or (_cell(row, "Title") or handle)
        _, skus = products.setdefault(handle, (row, []))
        if sku := _cell(row, "Variant SKU", "SKU"):
            skus.append(sku)
    return [(_document(number, fields), skus) for number, (fields, skus) in enumerate(products.values(), 1)]


def _document(number: int, row: Mapping[str, str]) -> Document:
    attributes = [value for name, value in row.items() if name and "color" in name.lower() and value]
    facts = [_cell(row, "Product Category", "Product category").replace(">", " "), _cell(row, "Tags"), *attributes]
    body = unescape(re.sub(r"<[^>]*>", " ", _cell(row, "Body (HTML)", "Description")))
    return Document(SECTION, number, _cell(row, "Title"), _cell(row, "Vendor"), " ".join(filter(None, facts)), body)


def _cell(row: Mapping[str, str], *names: str) -> str:
    return next((value.strip() for name in names if (value := row.get(name) or "")), "")


@contextmanager
def _long_fields() -> Iterator[None]:
    """The limit is one for the whole process: others count on theirs."""
    before = csv.field_size_limit(FIELD_SIZE)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _rows(path: Path, needed: Sequence[str]) -> Iterator[dict[str, str]]:
    with _long_fields(), path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream = gzip.GzipFile(fileobj=raw) if packed else raw
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
        reader = csv.DictReader(text)
        if missing := [name for name in needed if name not in (reader.fieldnames or ())]:
            raise UnreadableTable(f"{path.name} has no column {', '.join(missing)}.")
        yield from reader
