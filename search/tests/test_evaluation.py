"""The measure itself, and what the ranking reaches on judged queries."""

import os
from math import log2
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from search.evaluation import ndcg, recall

DATA = Path(os.environ.get("CORNHILL_DATA", Path(__file__).parents[3] / "shared" / "data")) / "esci"
# The issue asks for 0.62 on PostgreSQL and 0.55 on SQLite; both reach more.
LEAST = 0.64


def test_ndcg() -> None:
    labels = {"A": "E", "B": "S", "C": "I"}
    assert ndcg(["A", "B", "C"], labels) == 1.0
    assert ndcg(["X", "A"], labels) == pytest.approx((1 / log2(3)) / (1 + 0.1 / log2(3)))
    assert ndcg([], labels) == ndcg(["C"], labels) == 0.0
    assert ndcg(["A"], {"A": "I"}) == 0.0


def test_recall() -> None:
    labels = {str(number): "E" for number in range(20)}
    assert recall([str(number) for number in range(10)], labels) == 1.0
    assert recall(["1", "x", "2"], {"1": "E", "2": "S", "3": "E"}) == 0.5
    assert recall(["1"], {"1": "S"}) == 0.0


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"a,b\n1,2\n", b"\x1f\x8bnot gzip"])
@pytest.mark.django_db
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    table = tmp_path / "table.csv"
    table.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("search_eval", str(table), str(table))


@pytest.mark.data
@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.skipif(not DATA.is_dir(), reason="needs the judged catalogue in CORNHILL_DATA")
def test_the_ranking_on_judged_queries(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("search_eval", str(DATA / "products.csv.gz"), str(DATA / "judgements.csv"))
    report = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert report["Queries"] == "75"
    assert float(report["nDCG@10"]) >= LEAST
    assert report["Zero"] == "results  0"
