"""Products side by side, and those that somebody has looked at."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from shop.catalog.comparison import compare, read_ids
from shop.catalog.models import CategoryPage, ProductPage
from shop.catalog.tests.factories import AttributeFactory, BrandFactory, CategoryPageFactory
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def mugs(home_page: object) -> CategoryPage:
    category: CategoryPage = CategoryPageFactory(title="Mugs", slug="mugs")
    return category


def product(mugs: CategoryPage, title: str, **fields: Any) -> ProductPage:
    return make_product(title=title, parent=mugs, summary=f"{title}, made here.", **fields)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3,1,2", [3, 1, 2]),
        ("3,3,1", [3, 1]),
        ("1,2,3,4,5,6", [1, 2, 3, 4]),
        ("", []),
        ("a,-1,0,1.5, 7,8", [8]),
        ("9" * 30 + ",5", [5]),
        ("\u00b2,\u0663,6", [6]),
        ("1," * 100_000, [1]),
    ],
)
def test_ids_of_an_address(text: str, expected: list[int]) -> None:
    assert read_ids(text, 4) == expected


def test_side_by_side(mugs: CategoryPage) -> None:
    AttributeFactory(name="Glaze", code="glaze")
    AttributeFactory(name="Capacity", code="capacity", kind="number", unit="ml")
    sea = product(mugs, "Sea", brand=BrandFactory(name="Orwell"), attributes={"glaze": "Matt", "capacity": 350})
    chalk = product(mugs, "Chalk", brand=sea.brand, attributes={"capacity": 250})
    other = product(mugs, "Slate")
    found = compare([chalk.pk, sea.pk])
    assert [column.card.title for column in found.columns] == ["Chalk", "Sea"]
    assert [column.others for column in found.columns] == [str(sea.pk), str(chalk.pk)]
    assert {row.name: (row.cells, row.differs) for row in found.rows} == {
        "Brand": (["Orwell", "Orwell"], False),
        "Capacity": (["250 ml", "350 ml"], True),
        "Glaze": (["", "Matt"], True),
        "In short": (["Chalk, made here.", "Sea, made here."], True),
    }
    assert [(proposal.card.title, proposal.ids) for proposal in found.proposals] == [
        ("Slate", f"{chalk.pk},{sea.pk},{other.pk}")
    ]


def test_only_what_visitors_may_see(mugs: CategoryPage) -> None:
    shown = product(mugs, "Shown")
    draft = product(mugs, "Draft", live=False)
    trade = CategoryPageFactory(title="Trade")
    secret = make_product(title="Secret", parent=trade)
    PageViewRestriction.objects.create(page=trade, restriction_type=PageViewRestriction.LOGIN)
    found = compare([secret.pk, draft.pk, shown.pk, 10**15])
    assert [column.card.title for column in found.columns] == ["Shown"]
    assert found.ids == str(shown.pk)


def test_queries_do_not_grow(mugs: CategoryPage) -> None:
    AttributeFactory(name="Glaze", code="glaze")
    ids = [product(mugs, f"Mug {n}", attributes={"glaze": "Matt"}).pk for n in range(4)]

    def count(chosen: list[int]) -> int:
        with CaptureQueriesContext(connection) as queries:
            compare(chosen)
        return len(queries)

    compare(ids)
    assert count(ids[:2]) <= 5
    assert count(ids[:3]) == count(ids[:2])


def test_the_page(client: Client, mugs: CategoryPage) -> None:
    sea = product(mugs, "Sea")
    response = client.get(f"/compare/?ids={sea.pk}")
    text = response.content.decode()
    assert '<meta name="robots" content="noindex">' in text
    assert f'data-compared="{sea.pk}"' in text
    assert not response.cookies
    assert "Nothing to compare yet" in client.get("/compare/").content.decode()


def test_the_product_leads_there(client: Client, mugs: CategoryPage) -> None:
    sea = product(mugs, "Sea", slug="sea")
    text = client.get("/mugs/sea/").content.decode()
    assert f'href="/compare/?ids={sea.pk}"' in text
    assert f'data-product="{sea.pk}"' in text


def test_the_shelf_of_what_was_looked_at(client: Client, mugs: CategoryPage) -> None:
    sea, chalk = product(mugs, "Sea"), product(mugs, "Chalk")
    response = client.get(f"/recently-viewed/?ids={chalk.pk},{sea.pk}")
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    text = response.content.decode()
    assert text.index("Chalk") < text.index("Sea")
    assert client.get("/recently-viewed/?ids=999999").status_code == 204
