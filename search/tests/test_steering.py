"""Synonyms, redirects, pinned and hidden products, and what they change before they are saved."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from search import rules, services
from search.keys import query_key
from search.models import HiddenProduct, PinnedProduct, QueryRule, SynonymSet
from search.tests.test_search import titles
from shop.catalog.models import ProductPage
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def sofas(home_page: Page) -> dict[str, ProductPage]:
    names = ("Velvet sofa", "Leather couch", "Two seater bench", "Sofa cushion")
    made = {name: make_product(title=name) for name in names}
    services.rebuild()
    return made


def search(client: Client, query: str) -> list[str]:
    return titles(client.get("/search/", {"q": query}))


def save(found: SynonymSet, capture: Callable[..., Any]) -> None:
    found.full_clean()
    with capture(execute=True):
        found.save()


def test_synonyms_work_both_ways(
    client: Client, sofas: dict[str, ProductPage], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    assert search(client, "couches") == ["Leather couch"]
    save(SynonymSet(phrases="sofa, couch\nTwo-seater"), django_capture_on_commit_callbacks)
    assert sorted(search(client, "couches")) == ["Leather couch", "Sofa cushion", "Two seater bench", "Velvet sofa"]
    assert search(client, "velvet couch")[0] == "Velvet sofa"
    assert "Leather couch" in search(client, "two seater")


def test_a_word_that_no_product_has_may_have_synonyms(
    client: Client, sofas: dict[str, ProductPage], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    save(SynonymSet(phrases="settee, sofa"), django_capture_on_commit_callbacks)
    response = client.get("/search/?q=settees")
    assert sorted(titles(response)) == ["Sofa cushion", "Velvet sofa"]
    assert not response.context["corrected"]


def test_synonyms_one_way(
    client: Client, sofas: dict[str, ProductPage], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    save(SynonymSet(phrases="furniture, couch, bench", one_way=True), django_capture_on_commit_callbacks)
    assert sorted(search(client, "furniture")) == ["Leather couch", "Two seater bench"]
    assert search(client, "bench") == ["Two seater bench"]


@pytest.mark.parametrize(
    "phrases",
    [
        "sofa",
        "sofa, sofa",
        " , ",
        "sofa, !!!",
        "sofa, a very long phrase of many words",
        ",".join("abcdefghijklmnopqrstuv"),
    ],
)
def test_synonyms_that_make_no_sense_are_refused(phrases: str) -> None:
    with pytest.raises(ValidationError):
        SynonymSet(phrases=phrases).full_clean()


def test_a_query_may_lead_elsewhere(client: Client, sofas: dict[str, ProductPage]) -> None:
    rule = QueryRule(query="Delivery costs", redirect_address="/delivery/")
    rule.full_clean()
    rule.save()
    response = client.get("/search/?q=delivery+cost")
    assert (response.status_code, response["Location"]) == (302, "/delivery/")
    rule.redirect_address, rule.redirect_page = "", sofas["Velvet sofa"]
    rule.save()
    assert client.get("/search/?q=DELIVERY++costs")["Location"] == sofas["Velvet sofa"].url
    ProductPage.objects.update(live=False)
    assert client.get("/search/?q=delivery+costs").status_code == 200


def test_pinned_come_first_and_hidden_not_at_all(client: Client, sofas: dict[str, ProductPage]) -> None:
    rule = QueryRule.objects.create(query="Sofas")
    PinnedProduct.objects.create(rule=rule, product=sofas["Two seater bench"], sort_order=1)
    PinnedProduct.objects.create(rule=rule, product=sofas["Sofa cushion"], sort_order=2)
    HiddenProduct.objects.create(rule=rule, product=sofas["Velvet sofa"])
    assert search(client, "sofa") == ["Two seater bench", "Sofa cushion"]
    assert search(client, "velvet sofa")[0] == "Velvet sofa"


def test_a_rule_that_makes_no_sense_is_refused(sofas: dict[str, ProductPage]) -> None:
    QueryRule.objects.create(query="Sofa")
    for rule, field in (
        (QueryRule(query="SOFAS"), "query"),
        (QueryRule(query="?!"), "query"),
        (QueryRule(query="bed", redirect_address="javascript:alert(1)"), "redirect_address"),
        (QueryRule(query="bed", redirect_address="/beds/", redirect_page=sofas["Sofa cushion"]), "redirect_address"),
    ):
        with pytest.raises(ValidationError) as refused:
            rule.full_clean()
        assert list(refused.value.message_dict) == [field]


def form(query: str, **fields: Any) -> dict[str, Any]:
    none = inline_formset([])
    return nested_form_data(
        {
            "query": query,
            "note": "",
            "redirect_page": "",
            "redirect_address": "",
            "pinned": none,
            "hidden": none,
            **fields,
        }
    )


def test_the_effect_is_shown_before_it_is_saved(
    admin_client: Client, client: Client, sofas: dict[str, ProductPage]
) -> None:
    data = form("sofa", hidden=inline_formset([{"product": sofas["Velvet sofa"].pk, "ORDER": 1}]))
    address = reverse("wagtailsnippets_search_queryrule:preview_on_add")
    assert admin_client.post(address, data).json() == {"is_valid": True, "is_available": True}
    html = admin_client.get(address + "?mode=").content.decode()
    before, after = html.index("Without it: 2 with all words"), html.index("With it: 1 with all words")
    assert "Velvet sofa" in html[before:]
    assert "Velvet sofa" not in html[after:before]
    assert not QueryRule.objects.exists()


def test_the_effect_of_synonyms(admin_client: Client, sofas: dict[str, ProductPage]) -> None:
    address = reverse("wagtailsnippets_search_synonymset:preview_on_add")
    assert admin_client.post(address, {"phrases": "couch, sofa"}).json()["is_valid"]
    html = admin_client.get(address + "?mode=").content.decode()
    assert "Without it: 1 with all words" in html
    assert "With it: 3 with all words" in html
    assert "New here" in html


def test_rules_are_made_in_the_admin(admin_client: Client, client: Client, sofas: dict[str, ProductPage]) -> None:
    data = form("sofa", pinned=inline_formset([{"product": sofas["Leather couch"].pk, "ORDER": 1}]))
    response = admin_client.post(reverse("wagtailsnippets_search_queryrule:add"), data)
    assert response.status_code == 302
    assert search(client, "sofa")[0] == "Leather couch"


@pytest.mark.parametrize(
    ("one", "other"), [("Coffee Mugs", "coffee mug"), ("  crème brûlée ", "CREME BRULEE"), ("t-shirts", "T-Shirt")]
)
def test_the_same_query(one: str, other: str) -> None:
    assert query_key(one) == query_key(other) != ""


@pytest.mark.parametrize("query", ["", "?!", "☕", "x" * 500, "a-" * 500, "\x00"])
def test_any_query_has_a_key(query: str) -> None:
    assert len(query_key(query)) <= 200
    assert rules.rule_for(query) == rules.Rule()
