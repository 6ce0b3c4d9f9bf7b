"""Facets beside a listing: what they offer and count, what their addresses look like, and that they stay true."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import Page, PageViewRestriction

from shop.catalog import listing
from shop.catalog.facets import index
from shop.catalog.facets.browsed import browse
from shop.catalog.models import Brand, CatalogueChange, CategoryPage, ListingRow, ProductPage
from shop.catalog.tests.factories import AttributeFactory, BrandFactory, CategoryPageFactory, ProductTypeFactory
from tests.factories import add_variant, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]

GLAZES = [("sea", "Sea", "#7fb2c8"), ("sand", "Sand", "#d8c9a7"), ("soot", "Soot", "#222222")]


@pytest.fixture
def mugs(home_page: Page) -> Any:
    """A category whose products have a glaze, a capacity, words about their maker and a date."""
    kind = ProductTypeFactory(
        attributes=[
            AttributeFactory(code="glaze", name="Glaze", kind="colour", multiple=True, filterable=True, choices=GLAZES),
            AttributeFactory(code="capacity", name="Capacity", kind="number", unit="ml", filterable=True),
            AttributeFactory(code="safe", name="Dishwasher safe", kind="boolean", filterable=True),
            AttributeFactory(code="hands", name="Thrown by", filterable=True),
            AttributeFactory(code="secret", name="Secret"),
        ]
    )
    return CategoryPageFactory(title="Mugs", slug="mugs", parent=home_page, product_type=kind)


@pytest.fixture
def filled(mugs: Any) -> Any:
    orwell, thames = BrandFactory(name="Orwell", slug="orwell"), BrandFactory(name="Thames", slug="thames")
    small = CategoryPageFactory(title="Small mugs", slug="small", parent=mugs)
    CategoryPageFactory(title="Large mugs", slug="large", parent=mugs)

    def add(title: str, brand: Brand, price: int, stock: int, parent: Any = mugs, **values: Any) -> None:
        make_product(title=title, parent=parent, brand=brand, price=price, stock=stock, attributes=values)

    add("A", orwell, 1000, 5, glaze=["sea"], capacity=250, safe=True, hands="Ada Lane", secret="x")
    add("B", orwell, 2000, 0, glaze=["sea", "sand"], capacity=350, safe=False, hands="Ada Lane")
    add("C", thames, 3000, 5, glaze=["sand"], capacity=350)
    add("D", thames, 8000, 5, parent=small, glaze=["gone"], capacity="much")
    return mugs


def titles(response: Any) -> str:
    return "".join(sorted(card.title for card in response.context["cards"]))


def counts(response: Any, code: str) -> dict[str, int]:
    [facet] = [facet for facet in response.context["facets"] if facet.code == code]
    return {option.value: option.count for option in facet.options}


def test_every_facet_has_its_values_with_counts(client: Client, filled: Any) -> None:
    response = client.get("/mugs/")
    assert [facet.code for facet in response.context["facets"]] == [
        "category",
        "brand",
        "capacity",
        "safe",
        "glaze",
        "hands",
        "price",
        "available",
    ]
    assert counts(response, "category") == {"small": 1}
    assert counts(response, "brand") == {"orwell": 2, "thames": 2}
    assert counts(response, "glaze") == {"sea": 2, "sand": 2}
    assert counts(response, "capacity") == {"250": 1, "350": 2}
    assert counts(response, "safe") == {"yes": 1, "no": 1}
    assert counts(response, "hands") == {"ada-lane": 2}
    assert counts(response, "available") == {"1": 3}
    assert sum(counts(response, "price").values()) == 4
    html = response.content.decode()
    assert "Orwell <span" in html
    assert "Ada Lane <span" in html
    assert "secret" not in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("brand=orwell", "AB"),
        ("brand=orwell,thames", "ABCD"),
        ("brand=orwell&brand=thames", "ABCD"),
        ("brand=orwell&glaze=sand", "B"),
        ("glaze=sea,sand", "ABC"),
        ("capacity=350", "BC"),
        ("capacity=200-350", "A"),
        ("capacity=300-", "BC"),
        ("safe=no", "B"),
        ("hands=ada-lane&available=1", "A"),
        ("category=small", "D"),
        ("category=small,large", "D"),
        ("price=20-50", "BC"),
        ("price=0-15,50-", "AD"),
        ("price=0-15&price_min=80", "AD"),
        ("price_max=20&brand=orwell", "AB"),
    ],
)
def test_values_of_a_facet_are_alternatives_and_facets_add_up(
    client: Client, filled: Any, query: str, expected: str
) -> None:
    response = client.get(f"/mugs/?{query}")
    assert titles(response) == expected
    assert response.context["paginator"].count == len(expected)


def test_a_facets_own_choice_does_not_narrow_its_own_counts(client: Client, filled: Any) -> None:
    response = client.get("/mugs/?brand=orwell&glaze=sand")
    assert counts(response, "brand") == {"orwell": 1, "thames": 1}
    assert counts(response, "glaze") == {"sea": 2, "sand": 1}
    # All that is left has the same capacity: nothing to choose.
    assert "capacity" not in [facet.code for facet in response.context["facets"]]
    [brand] = [facet for facet in response.context["facets"] if facet.code == "brand"]
    assert [(option.value, option.selected) for option in brand.options] == [("orwell", True), ("thames", False)]


def test_a_count_is_what_choosing_the_value_shows(client: Client, filled: Any) -> None:
    for facet in client.get("/mugs/").context["facets"]:
        for option in facet.options:
            shown = client.get("/mugs/", {facet.code: option.value}).context["paginator"].count
            assert shown == option.count, (facet.code, option.value)


def test_chosen_values_can_be_taken_back_one_by_one(client: Client, filled: Any) -> None:
    response = client.get("/mugs/?price_max=30&glaze=sea&glaze=sand&brand=orwell&sort=price&available=1")
    assert [(choice.label, choice.address) for choice in response.context["choices"]] == [
        ("Brand: Orwell", "?sort=price&glaze=sand,sea&available=1&price_max=30"),
        ("Glaze: Sand", "?sort=price&brand=orwell&glaze=sea&available=1&price_max=30"),
        ("Glaze: Sea", "?sort=price&brand=orwell&glaze=sand&available=1&price_max=30"),
        ("In stock", "?sort=price&brand=orwell&glaze=sand,sea&price_max=30"),
        ("Price: up to £30", "?sort=price&brand=orwell&glaze=sand,sea&available=1"),
    ]
    assert response.context["listing"].cleared.address() == "?sort=price"


def test_nothing_found_proposes_ways_out(client: Client, filled: Any) -> None:
    response = client.get("/mugs/?brand=thames&safe=yes&price=0-15")
    assert titles(response) == ""
    assert [(way.label, way.count, way.address) for way in response.context["ways_out"]] == [
        ("Brand", 1, "?safe=yes&price=0-15")
    ]
    html = response.content.decode()
    assert "Without Brand (1)" in html
    assert "Show everything (4)" in html


def test_a_price_that_is_none_is_explained_and_left_out(client: Client, filled: Any) -> None:
    response = client.get("/mugs/?price_min=cheap&price_max=20")
    assert titles(response) == "AB"
    assert "“cheap” is no price, so it was left out." in response.content.decode()


def test_values_that_the_shop_does_not_have_are_named_and_left_out(client: Client, filled: Any) -> None:
    response = client.get("/mugs/?brand=orwell,gone&glaze=<b>&capacity=x&price=-5-1&category=elsewhere&rating=9")
    assert titles(response) == "AB"
    assert response.context["listing"].query_string == "brand=orwell"
    assert "The shop has nothing to filter by called “elsewhere”" in response.content.decode()
    assert b"<b>" not in response.content


@pytest.mark.parametrize(
    "query",
    [
        "brand=%07&glaze=%1b,sea%7f&capacity=%0a",
        "brand=" + ",".join(f"b{n}" for n in range(5000)),
        "brand=" + "x" * 100_000,
        "&".join(f"glaze=g{n}" for n in range(2000)),
        "capacity=" + "9" * 5000,
        "capacity=1-999999999999999999999999&price=999999999999-999999999999",
        "price=0.001-0.002&price=-1&price=1e400",
        "brand=%ff%fe&safe=%F0%9F%90%88&category=%2F..%2F",
        "rating=&rating=4%2B&available=2&brand=,,,,",
    ],
)
def test_rubbish_is_left_out(client: Client, filled: Any, query: str) -> None:
    response = client.get(f"/mugs/?{query}")
    assert response.status_code == 200
    assert len(response.content) < 200_000


def test_attributes_that_are_not_filterable_have_no_parameter(client: Client, filled: Any) -> None:
    response = client.get("/mugs/?secret=x&utm_source=letter")
    assert titles(response) == "ABCD"
    assert response.context["listing"].is_plain


def test_many_values_unfold(client: Client, mugs: Any) -> None:
    for number in range(12):
        make_product(parent=mugs, brand=BrandFactory(name=f"Maker {number:02}", slug=f"maker-{number:02}"))
    response = client.get("/mugs/?brand=maker-11")
    [brand] = [facet for facet in response.context["facets"] if facet.code == "brand"]
    assert (len(brand.shown), len(brand.unfolded), brand.shown[0].value) == (8, 4, "maker-11")
    assert '<details id="more-brand">' in response.content.decode()


def test_numbers_of_many_sizes_are_offered_in_ranges(client: Client, mugs: Any) -> None:
    for number in range(1, 41):
        make_product(parent=mugs, price=1000, attributes={"capacity": number * 10})
    response = client.get("/mugs/")
    assert counts(response, "capacity") == {"0-80": 7, "80-150": 7, "150-250": 10, "250-300": 5, "300-": 11}
    again = client.get("/mugs/?capacity=80-150")
    assert again.context["paginator"].count == 7
    # Ranges stay where they are while one of them is chosen.
    assert counts(again, "capacity") == counts(response, "capacity")
    assert "80 to 150" in again.content.decode()


def test_ratings_are_offered_from_so_many_stars_on(client: Client, mugs: Any) -> None:
    for rating in (480, 410, 300, None):
        product = make_product(parent=mugs, title=str(rating))
        ListingRow.objects.filter(product=product).update(rating=rating, reviews=20 if rating else 0)
    response = client.get("/mugs/?sort=rating")
    assert counts(response, "rating") == {"4": 2, "3": 3, "2": 3}
    assert [card.title for card in response.context["cards"]] == ["480", "410", "300", "None"]
    assert client.get("/mugs/?rating=4").context["paginator"].count == 2


def test_popular_products_first(client: Client, mugs: Any) -> None:
    for sold in (3, 0, 9):
        ListingRow.objects.filter(product=make_product(parent=mugs, title=str(sold))).update(popularity=sold)
    response = client.get("/mugs/?sort=popularity")
    assert [card.title for card in response.context["cards"]] == ["9", "3", "0"]


def test_one_enthusiast_does_not_make_the_best_product() -> None:
    from shop.catalog.facets.records import score

    assert score(480, 200) > score(500, 1) > score(None, 0)


Capture = DjangoCaptureOnCommitCallbacks


def test_the_index_follows_every_change(
    client: Client, filled: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    def shown(query: str = "") -> str:
        return titles(client.get(f"/mugs/?{query}"))

    def page(title: str) -> ProductPage:
        return ProductPage.objects.get(title=title)

    assert shown() == "ABCD"
    before = index.current()
    with django_capture_on_commit_callbacks(execute=True):
        make_product(title="E", parent=filled, attributes={"glaze": ["soot"]})
    assert shown() == "ABCDE"
    assert shown("glaze=soot") == "E"
    with django_capture_on_commit_callbacks(execute=True):
        page("E").delete()
        page("A").unpublish()
    assert shown() == "BCD"
    assert shown("glaze=sea") == "B"
    with django_capture_on_commit_callbacks(execute=True):
        draft = page("B")
        draft.attributes = {"glaze": ["soot"]}
        draft.save_revision().publish()
        Brand.objects.get(slug="thames").delete()
    assert shown("glaze=soot") == "B"
    assert shown("brand=orwell") == "B"
    with django_capture_on_commit_callbacks(execute=True):
        PageViewRestriction.objects.create(page=page("B"), restriction_type="login")
        page("C").move(CategoryPage.objects.get(slug="small"), pos="last-child")
    assert shown() == "CD"
    assert shown("category=small") == "CD"
    with django_capture_on_commit_callbacks(execute=True):
        further = page("C")
        further.further_categories = [CategoryPage.objects.get(slug="large")]
        further.save()
    assert counts(client.get("/mugs/"), "category") == {"small": 2, "large": 1}
    with django_capture_on_commit_callbacks(execute=True):
        large = CategoryPage.objects.get(slug="large")
        large.title = "Huge mugs"
        large.save_revision().publish()
    assert "Huge mugs <span" in client.get("/mugs/").content.decode()
    # All of it as changes of one index, not as new ones.
    assert index.current().segments[0] is before.segments[0]
    assert index.current().recent.keys() == set(
        ProductPage.objects.live().exclude(title="B").values_list("pk", flat=True)
    ) - {page("D").pk}


def test_an_index_that_knows_too_little_is_built_anew(filled: Any, client: Client) -> None:
    client.get("/mugs/")
    before = index.current().segments[0]
    CatalogueChange.objects.create(products=None)
    assert index.current().segments[0] is not before


def test_a_price_changes_in_listings_at_its_moment(client: Client, mugs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    product = make_product(title="Mug", parent=mugs, price=1000)
    soon = timezone.now() + timedelta(hours=1)
    ListingRow.objects.filter(product=product).update(stale_at=soon, price=5000, price_highest=5000)
    assert titles(client.get("/mugs/?price_max=20")) == ""
    monkeypatch.setattr(index.time, "time", lambda: soon.timestamp() + 1)
    monkeypatch.setattr(listing.timezone, "now", lambda: soon + timedelta(seconds=1))
    assert titles(client.get("/mugs/?price_max=20")) == "Mug"


def test_several_variants_at_several_prices(client: Client, mugs: Any) -> None:
    product = make_product(title="Mug", parent=mugs, price=1000)
    add_variant(product, options=[("Size", "L")], price=4000)
    for query, expected in (("price=0-20", "Mug"), ("price=20-30", "Mug"), ("price=50-60", "")):
        assert titles(client.get(f"/mugs/?{query}")) == expected


def test_search_results_are_browsed_in_their_own_order(filled: Any, rf: Any) -> None:
    ids = dict(ProductPage.objects.values_list("title", "pk"))
    ranked = [ids["C"], ids["A"], 999_999, ids["B"]]
    browsed = browse(
        parameters=rf.get("/search/?q=mug&glaze=sand,sea").GET,
        currency="GBP",
        ranked=ranked,
        default_sort="relevance",
        kept={"q": "mug"},
    )
    assert browsed.products[0:10] == [ids["C"], ids["A"], ids["B"]]
    assert browsed.listing.address(2) == "?q=mug&glaze=sand,sea&page=2"
    assert browsed.listing.sort_choices[0] == ("relevance", "Best match")
    cheap = browse(
        parameters=rf.get("/?sort=price").GET, currency="GBP", ranked=ranked, default_sort="relevance", kept={"q": "m"}
    )
    assert cheap.products[0:10] == [ids["A"], ids["B"], ids["C"]]


def test_htmx_pushes_the_short_address(client: Client, filled: Any) -> None:
    query = "sort=newest&brand=thames&brand=orwell&price_min="
    response = client.get(f"/mugs/?{query}", headers={"HX-Request": "true"})
    assert response["HX-Push-Url"] == "/mugs/?brand=orwell,thames"
    assert client.get("/mugs/?sort=newest", headers={"HX-Request": "true"})["HX-Push-Url"] == "/mugs/"


def test_a_further_page_has_a_title_of_its_own(client: Client, mugs: Any) -> None:
    for _ in range(25):
        make_product(parent=mugs)
    [first] = re.findall("<title>(.*?)</title>", client.get("/mugs/").content.decode())
    [second] = re.findall("<title>(.*?)</title>", client.get("/mugs/?page=2").content.decode())
    assert (first, second) == ("Mugs | Cornhill", "Mugs, page 2 | Cornhill")


def test_facets_cost_no_queries(query_budget: Callable[..., Any], filled: Any) -> None:
    few = query_budget("/mugs/", at_most=8)
    many = query_budget("/mugs/?brand=orwell&glaze=sea,sand&price=0-50&sort=popularity", at_most=8)
    assert few.query_count == many.query_count
