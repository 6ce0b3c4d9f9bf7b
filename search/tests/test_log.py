"""What is counted of searches, what is not, and the reports about it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from search import log, services
from search.models import LoggedQuery, QueryDay, QueryRule
from shop.catalog.tests.factories import CategoryPageFactory
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]
REPORT = "/admin/reports/searches/"


@pytest.fixture
def mug(home_page: Page) -> None:
    make_product(title="Stoneware mug")
    services.rebuild()


def counted(query: str) -> tuple[int, int, int]:
    [row] = QueryDay.objects.filter(query__query=query, day=timezone.localdate())
    return row.searches, row.empty, row.clicks


def test_a_search_is_counted_once_whatever_its_letters(client: Client, mug: None) -> None:
    client.get("/search/?q=Mug")
    client.get("/search/?q=++MUG")
    for more in ("&page=2", "&sort=price", "&brand=x"):
        client.get(f"/search/?q=mug{more}")
    assert counted("mug") == (2, 0, 0)
    logged = LoggedQuery.objects.get()
    assert (logged.searches, logged.found, logged.clicks) == (2, 1, 0)


def test_a_search_without_results_is_told_apart(client: Client, mug: None) -> None:
    client.get("/search/?q=teapots")
    assert counted("teapots") == (1, 1, 0)


def test_followed_results_are_counted_but_never_more_than_searches(client: Client, mug: None) -> None:
    client.get("/search/?q=mug")
    own: Any = {"HTTP_SEC_FETCH_SITE": "same-origin"}
    for _ in range(3):
        assert client.post("/search/followed/", {"q": "Mug"}, **own).status_code == 204
    assert counted("mug") == (1, 0, 1)
    assert client.post("/search/followed/", {"q": "never asked"}, **own).status_code == 204
    assert client.post("/search/followed/", {"q": "x" * 100_000}, **own).status_code == 204
    assert client.post("/search/followed/", {"q": "mug"}, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert client.get("/search/followed/").status_code == 405


@pytest.mark.parametrize(
    "query", ["anna@example.org", "+44 20 7946 0958", "4111 1111 1111 1111", "x" * 81, "order 2024-0001-234", "", "a"]
)
def test_nothing_is_kept_that_may_say_who_asked(client: Client, mug: None, query: str) -> None:
    assert client.get("/search/", {"q": query}).status_code == 200
    assert not LoggedQuery.objects.exists()


def test_others_are_suggested_what_found_something(client: Client, mug: None) -> None:
    for _ in range(log.SUGGESTED_AFTER):
        client.get("/search/?q=mug+stoneware")
        client.get("/search/?q=mug+teapots")
    client.get("/search/?q=mugs")
    assert client.get("/search/suggest/?q=Mu").context["queries"] == ["mug stoneware"]
    assert client.get("/search/suggest/?q=mug+stoneware").context["queries"] == []
    LoggedQuery.objects.update(suggested=False)
    assert client.get("/search/suggest/?q=mu").context["queries"] == []


def test_editors_switch_suggestions_off_one_by_one_or_all(client: Client, mug: None) -> None:
    for query in ("mug stoneware", "mugs"):
        LoggedQuery.objects.create(query=query, searches=9, found=1, last_asked=timezone.localdate())
    editor, shopper = Client(), client
    user = get_user_model().objects.create_user("editor@example.org", "secret")
    user.groups.add(Group.objects.get(name="Editors"))
    editor.force_login(user)
    assert "mug stoneware" in editor.get("/admin/snippets/search/loggedquery/").content.decode()
    assert editor.get("/admin/snippets/search/loggedquery/add/").status_code in (302, 403)
    address = f"/admin/snippets/search/loggedquery/edit/{LoggedQuery.objects.get(query='mugs').pk}/"
    # The query itself is what somebody typed.
    assert editor.post(address, {"query": "changed"}).status_code == 302
    assert shopper.get("/search/suggest/?q=mu").context["queries"] == ["mug stoneware"]
    assert LoggedQuery.objects.filter(query="mugs", suggested=False).exists()
    settings = editor.get("/admin/settings/search/searchsettings/", follow=True)
    assert editor.post(settings.request["PATH_INFO"], {}).status_code == 302
    assert shopper.get("/search/suggest/?q=mu").context["queries"] == []


def test_pages_and_redirects_are_answers_too(client: Client, mug: None, home_page: Page) -> None:
    CategoryPageFactory(title="Delivery", slug="delivery", parent=home_page)
    services.rebuild()
    client.get("/search/?q=delivery")
    assert counted("delivery") == (1, 0, 0)
    assert LoggedQuery.objects.get(query="delivery").found == 0
    QueryRule.objects.create(query="parcel", redirect_address="/delivery/")
    assert client.get("/search/?q=parcel").status_code == 302
    assert counted("parcel") == (1, 0, 1)


def test_made_up_queries_do_not_fill_the_table(client: Client, mug: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("/search/?q=mug")
    monkeypatch.setattr(log, "QUERIES_MOST", 1)
    caches["default"].clear()
    for query in ("one", "two", "mug"):
        client.get("/search/", {"q": query})
    assert LoggedQuery.objects.count() == 1
    assert LoggedQuery.objects.get(query="mug").searches == 2


def ask(query: str, *, times: int, empty: int = 0, clicks: int = 0, days_ago: int = 0) -> None:
    day = timezone.localdate() - timedelta(days_ago)
    logged, _ = LoggedQuery.objects.get_or_create(query=query, defaults={"last_asked": day})
    QueryDay.objects.create(query=logged, day=day, searches=times, empty=empty, clicks=clicks)


def rows(client: Client, parameters: str = "") -> list[tuple[Any, ...]]:
    response = client.get(REPORT + parameters)
    assert response.status_code == 200
    return [(r.query, r.asked, r.without, r.followed, r.percent) for r in response.context["object_list"]]


def test_the_report(admin_client: Client, home_page: Page) -> None:
    ask("mug", times=8, clicks=6)
    ask("mug", times=2, clicks=1, days_ago=10)
    ask("teapot", times=3, empty=3)
    ask("lamp", times=10, clicks=1)
    ask("old", times=50, days_ago=60)
    assert rows(admin_client) == [
        ("lamp", 10, 0, 1, "10 %"),
        ("mug", 10, 0, 7, "70 %"),
        ("teapot", 3, 3, 0, "0 %"),
    ]
    assert [row[0] for row in rows(admin_client, "?outcome=nothing")] == ["teapot"]
    assert [row[0] for row in rows(admin_client, "?outcome=ignored")] == ["lamp"]
    assert [row[:2] for row in rows(admin_client, "?period=7")] == [("lamp", 10), ("mug", 8), ("teapot", 3)]
    assert rows(admin_client, "?period=90")[0][:2] == ("old", 50)
    assert rows(admin_client, "?period=x&outcome=x&ordering=x&p=999")
    export = admin_client.get(REPORT + "?export=csv")
    assert b"".join(export.streaming_content).decode().splitlines()[1] == "lamp,10,0,0,1,10 %"  # type: ignore[attr-defined]


@pytest.mark.parametrize("query", ["=hyperlink(1)", "+1", "-2", "@sum(a1)"])
def test_no_visitor_writes_a_formula_into_the_export(admin_client: Client, home_page: Page, query: str) -> None:
    LoggedQuery.objects.create(query=query, last_asked=timezone.localdate()).days.create(
        day=timezone.localdate(), searches=1
    )
    export = admin_client.get(REPORT + "?export=csv")
    text = b"".join(export.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.splitlines()[1].startswith(f"'{query},1,")


@pytest.mark.parametrize(("group", "allowed"), [("Editors", True), ("Shop managers", True), (None, False)])
def test_who_may_see_the_report(client: Client, home_page: Page, group: str | None, allowed: bool) -> None:
    user = get_user_model().objects.create_user("someone@example.org", "secret")
    user.groups.add(Group.objects.get(name=group or "Fulfilment") if group else Group.objects.create(name="None"))
    client.force_login(user)
    assert (client.get(REPORT).status_code == 200) is allowed


def test_what_is_old_is_forgotten(home_page: Page) -> None:
    ask("mug", times=1)
    ask("mug", times=1, days_ago=log.KEPT_DAYS + 1)
    ask("old", times=50, days_ago=log.KEPT_DAYS + 1)
    call_command("prune_search_log", verbosity=0)
    assert list(QueryDay.objects.values_list("query__query", flat=True)) == ["mug"]
    assert list(LoggedQuery.objects.values_list("query", flat=True)) == ["mug"]
