"""The index follows the shop, and is read the same on both databases."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from search import gathering, indexing, services
from search.models import IndexState, SearchDocument, Term
from search.tests.test_search import titles
from shop.catalog.models import ProductPage
from shop.catalog.signals import announce
from shop.catalog.tests.factories import BrandFactory, CategoryPageFactory
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Capture = Callable[..., Any]


def search(client: Client, query: str) -> list[str]:
    return titles(client.get("/search/", {"q": query}))


def test_the_index_follows_a_product(
    client: Client, home_page: Page, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        mug = make_product(title="Stoneware mug", brand=BrandFactory(name="Orwell"))
    assert search(client, "mugs") == ["Stoneware mug"]
    with django_capture_on_commit_callbacks(execute=True):
        mug.title = "Porcelain cup"
        mug.save_revision().publish()
    assert (search(client, "mug"), search(client, "cup")) == ([], ["Porcelain cup"])
    with django_capture_on_commit_callbacks(execute=True):
        brand: Any = mug.brand
        brand.name = "Suffolk"
        brand.save()
    assert (search(client, "orwell"), search(client, "suffolk")) == ([], ["Porcelain cup"])
    with django_capture_on_commit_callbacks(execute=True):
        mug.unpublish()
    assert search(client, "cup") == []
    with django_capture_on_commit_callbacks(execute=True):
        mug.save_revision().publish()
        assert mug.get_parent() is not None
    assert search(client, "cup") == ["Porcelain cup"]
    mug.delete()
    assert search(client, "cup") == []


def test_the_index_follows_a_category(
    client: Client, home_page: Page, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        kitchen = CategoryPageFactory(title="Kitchen", parent=home_page)
        garden = CategoryPageFactory(title="Garden", parent=home_page)
        pot = make_product(title="Pot", parent=kitchen)
    response = client.get("/search/?q=kitchens")
    assert titles(response) == ["Pot"]
    assert [link.title for link in response.context["links"]["categories"]] == ["Kitchen"]
    with django_capture_on_commit_callbacks(execute=True):
        ProductPage.objects.get(pk=pot.pk).move(garden, pos="last-child")
    assert (search(client, "kitchen"), search(client, "garden")) == ([], ["Pot"])
    with django_capture_on_commit_callbacks(execute=True):
        kitchen.refresh_from_db()
        kitchen.unpublish()
    assert client.get("/search/?q=kitchen").context["links"].get("categories", []) == []


def test_an_unchanged_product_is_not_written_again(home_page: Page) -> None:
    mug = make_product(title="Mug")
    assert services.index_products(product_ids=[mug.pk]) == 1
    assert services.index_products(product_ids=[mug.pk]) == 0


def test_a_batch_costs_a_bounded_number_of_queries(home_page: Page) -> None:
    first = [make_product(title=f"Mug {number}").pk for number in range(3)]
    more = [make_product(title=f"Bowl {number}", summary="Round.").pk for number in range(20)]
    counts = []
    for ids in (first, more):
        services.index_products(product_ids=ids[:1])
        with CaptureQueriesContext(connection) as seen:
            services.index_products(product_ids=ids)
        counts.append(len([query for query in seen if "SAVEPOINT" not in query["sql"]]))
    assert max(counts) <= 30
    assert counts[1] <= counts[0] + 5  # counting again


def test_a_rebuild_mends_everything(client: Client, home_page: Page) -> None:
    make_product(title="Mug")
    services.rebuild()
    SearchDocument.objects.create(section="products", object_id=999_999, title=" mug ", digest="x")
    SearchDocument.objects.create(section="gone", object_id=1, title=" mug ", digest="x")
    SearchDocument.objects.filter(section="products").update(title=" cup ", digest="")
    call_command("rebuild_search", verbosity=0)
    assert search(client, "mug") == ["Mug"]
    assert set(SearchDocument.objects.values_list("section", flat=True)) <= {"products", "pages", "categories"}
    assert IndexState.objects.get().documents == SearchDocument.objects.count()


def test_counting_forgets_words_that_are_gone(home_page: Page) -> None:
    mug = make_product(title="Stoneware mug")
    make_product(title="Mugs")
    services.rebuild()
    assert Term.objects.get(word="mug").documents == 2
    mug.delete()
    indexing.recount()
    assert not Term.objects.filter(word="stoneware").exists()
    assert Term.objects.get(word="mugs").documents == 1


def test_a_word_is_learnt_for_spelling_once_it_stands_in_a_title(client: Client, home_page: Page) -> None:
    make_product(title="Bowl", body="<p>Holds porridge.</p>")
    services.rebuild()
    assert search(client, "poridge") == []
    make_product(title="Porridge spoon")
    services.rebuild()
    assert search(client, "poridge")[0] == "Porridge spoon"


def test_misspelt_words_are_taken_for_likely_ones(client: Client, home_page: Page) -> None:
    make_product(title="Stoneware mug")
    make_product(title="Linen cushion")
    services.rebuild()
    response = client.get("/search/?q=stonware+mug")
    assert titles(response) == ["Stoneware mug"]
    assert response.context["corrected"] == "stoneware mug"
    assert "Nothing here is called “stonware mug”" in response.content.decode()
    assert search(client, "cushoin") == ["Linen cushion"]
    assert search(client, "linencushion") == ["Linen cushion"]
    assert search(client, "xylophone") == []


def test_what_may_have_been_meant_comes_after_what_was_typed(client: Client, home_page: Page) -> None:
    make_product(title="Wuthering bool")
    for number in range(12):
        make_product(title=f"Bowl {number}")
    services.rebuild()
    response = client.get("/search/?q=bool")
    assert titles(response)[0] == "Wuthering bool"
    assert len(titles(response)) == 13
    assert response.context["meant"] == "bowl"
    assert 'Did you mean <a href="/search/?q=bowl">bowl</a>?' in response.content.decode()


def test_all_words_come_before_some(client: Client, home_page: Page) -> None:
    for title in ("Oak table", "Oak chair", "Pine chair", "Steel lamp"):
        make_product(title=title)
    services.rebuild()
    response = client.get("/search/?q=oak+chair")
    assert titles(response)[0] == "Oak chair"
    assert sorted(titles(response)[1:]) == ["Oak table", "Pine chair"]
    assert (response.context["exact"], response.context["loose"]) == (1, False)


def test_results_can_be_filtered(client: Client, home_page: Page) -> None:
    make_product(title="Oak chair", price=5000, brand=BrandFactory(name="Orwell", slug="orwell"))
    make_product(title="Pine chair", price=2000)
    services.rebuild()
    assert search(client, "chair") == ["Oak chair", "Pine chair"] or len(search(client, "chair")) == 2
    response = client.get("/search/?q=chair&brand=orwell")
    assert titles(response) == ["Oak chair"]
    assert '<input type="hidden" name="q" value="chair">' in response.content.decode()
    assert titles(client.get("/search/?q=chair&sort=price")) == ["Pine chair", "Oak chair"]
    nothing = client.get("/search/?q=chair&brand=orwell&price_max=1").content.decode()
    assert "Nothing here with these filters" in nothing
    assert client.get("/search/?q=chair", HTTP_HX_REQUEST="true").content.decode().startswith('<div id="listing"')


def test_a_search_server_may_find_instead(client: Client, home_page: Page) -> None:
    make_product(title="Stoneware mug")
    call_command("update_index", verbosity=0)
    with override_settings(SEARCH_FINDER="wagtail"):
        response = client.get("/search/?q=stoneware+mug")
        assert titles(response) == ["Stoneware mug"]
        assert titles(client.get("/search/suggest/?q=stonew")) == ["Stoneware mug"]


def test_a_failing_receiver_does_not_keep_products_from_changing(
    home_page: Page, django_capture_on_commit_callbacks: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**kwargs: Any) -> int:
        raise RuntimeError

    monkeypatch.setattr(services, "index_products", fail)
    with django_capture_on_commit_callbacks(execute=True):
        announce([make_product(title="Mug").pk])


def test_evaluating_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalogue, judgements = tmp_path / "products.csv", tmp_path / "judgements.csv"
    catalogue.write_text("Handle,Title,Variant SKU\na,Red mug,A\nb,Blue mug,B\nb,,B2\nc,Lamp,C\n", "utf-8")
    judgements.write_text("query,sku,label\nblue mugs,B,E\nblue mugs,A,S\nlampe,C,E\nteapot,C,E\n", "utf-8")
    call_command("search_eval", str(catalogue), str(judgements))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines[:4]] == ["3", "0.6667", "0.6667", "results"]
    assert lines[3].endswith(" 1")
    assert not SearchDocument.objects.exists()


def test_categories_are_gathered_with_the_same_queries_however_many(home_page: Page) -> None:
    kitchen = CategoryPageFactory(title="Kitchen", parent=home_page)
    pages = [kitchen, *(CategoryPageFactory(title=f"Mugs {n}", parent=kitchen) for n in range(4))]
    ids = [page.pk for page in pages]
    found = {document.title: document.facts for document in gathering.page_documents(ids)}
    assert (found["Kitchen"], found["Mugs 3"]) == ("", "Kitchen")
    counts = set()
    for some in (ids[:1], ids):
        with CaptureQueriesContext(connection) as queries:
            gathering.page_documents([*some, ids[1]])
        counts.add(len(queries))
    assert len(counts) == 1
