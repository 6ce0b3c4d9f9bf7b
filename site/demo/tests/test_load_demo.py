"""The demo loader: complete, repeatable, and careful with what people have done."""

import io
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Page, Site, WorkflowContentType, WorkflowPage
from wagtail.search.backends import get_search_backend

from cms.chrome import Item, get_chrome
from cms.models import Announcement, CustomImage, Menu, ShopSettings
from demo.content import CONTENT, IMAGES, Content, ContentError, read_content
from demo.library import named_pictures, title
from demo.loader import load
from demo.people import ADMIN, EDITOR, PASSWORD
from demo.progress import Progress
from home.models import ContentPage, HomePage, StoryPage
from shop.accounts.models import User
from shop.catalog.models import Brand, CategoryPage, ProductPage, Variant
from shop.catalog.offers import registry
from shop.catalog.selectors import cards
from shop.checkout import ledger
from shop.imports.services import import_products
from shop.inventory.models import StockItem, StockLocation
from shop.inventory.selectors import availability
from shop.payments.models import BankTransferSettings
from shop.pricing.models import Price, PriceProposal, PriceThreshold, VariantCost
from shop.shipping.models import DeliveryMethod

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def progress() -> Progress:
    return Progress(io.StringIO())


@pytest.fixture
def loaded(
    content: Content, progress: Progress, home_page: HomePage, address: str, django_capture_on_commit_callbacks: Any
) -> HomePage:
    with django_capture_on_commit_callbacks(execute=True):
        assert load(content, progress) is True
    return HomePage.objects.get()


def counts() -> dict[str, int]:
    models = (Page, CustomImage, Brand, Variant, Price, Menu, Announcement, ShopSettings, User)
    return {model.__name__: model._default_manager.count() for model in models}


def test_the_tree(loaded: HomePage) -> None:
    assert {page.slug: page.get_url() for page in Page.objects.descendant_of(loaded, inclusive=True).live()} == {
        "home": "/",
        "kitchen": "/kitchen/",
        "tableware": "/kitchen/tableware/",
        "mug": "/kitchen/tableware/mug/",
        "plate": "/kitchen/tableware/plate/",
        "about": "/about/",
        "journal": "/journal/",
        "sixty": "/journal/sixty/",
    }
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_product(loaded: HomePage) -> None:
    mug = ProductPage.objects.get(slug="mug")
    assert (mug.title, mug.summary, mug.body) == ("Stoneware mug", "A thrown mug.", "<p>Thrown by hand.</p>")
    assert (mug.seo_title, mug.search_description) == ("Hand-thrown mug", "A mug from Suffolk.")
    assert mug.brand
    assert (mug.brand.name, mug.brand.live) == ("Thrandlow Pottery", True)
    assert [(block.value["label"], block.value["value"]) for block in mug.details] == [
        ("Material", "Stoneware"),
        ("Capacity", "320 ml"),
    ]
    assert [(image.image.title, image.alt) for image in mug.images.all()] == [
        ("Mug", "Chalk mug"),
        ("Mug, sea", "Sea mug"),
    ]
    assert timezone.now() - mug.first_published_at == pytest.approx(timedelta(days=16), abs=timedelta(minutes=5))
    assert [page.slug for page in ProductPage.objects.get(slug="plate").further_categories.all()] == ["kitchen"]


def test_prices_and_stock(loaded: HomePage) -> None:
    rows = Variant.objects.order_by("sku", "prices__valid_from").values_list(
        "sku", "options", "weight", "prices__amount", "prices__compare_at"
    )
    assert list(rows) == [
        ("MUG-C", [["Colour", "Chalk"]], 340, 1800, None),
        ("MUG-S", [["Colour", "Sea"]], 340, 2250, None),
        ("MUG-S", [["Colour", "Sea"]], 340, 1800, 2250),
        ("PLATE", [], 700, 2400, None),
    ]
    sale = registry.offers([Variant.objects.get(sku="MUG-S")])[0].quote
    assert sale is not None
    assert sale.compare_at == 2250
    stock = availability(["MUG-C", "MUG-S", "PLATE"])
    assert {sku: found.quantity for sku, found in stock.items()} == {"MUG-C": 46, "MUG-S": 0, "PLATE": 5}


def test_the_cards_are_complete(loaded: HomePage, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        mug, plate = cards(ProductPage.objects.order_by("slug"))
    assert (mug.title, mug.price_text, mug.available) == ("Stoneware mug", "£18.00", True)
    assert mug.thumbnail is not None
    assert [width for _, width in mug.thumbnail.sources] == [320, 400]
    assert plate.thumbnail is not None


def test_what_surrounds_the_pages(loaded: HomePage) -> None:
    site = Site.objects.get()
    chrome = get_chrome(site)
    assert (chrome.name, chrome.email, chrome.currency) == ("Ipswich Retail", "hello@ipswich-retail.example", "GBP")
    assert chrome.header == (
        Item("Kitchen", "/kitchen/", (Item("Tableware", "/kitchen/tableware/"),)),
        Item("Journal", "/journal/"),
    )
    assert chrome.footer == (Item("About", "", (Item("The shop", "/about/"),)),)
    assert chrome.announcement is not None
    assert (chrome.announcement.text, chrome.announcement.url) == ("Free delivery", "/about/")
    assert chrome.social_image_url.startswith("http://localhost:8123/media/images/social-card")


def test_delivery(loaded: HomePage) -> None:
    found = DeliveryMethod.objects.select_related("zone").order_by("pk")
    assert [(way.zone.name, way.label, way.arguments) for way in found] == [
        ("Britain", "By van", {"price": 395, "free_from": 6000}),
        ("Elsewhere", "By ship", {"bands": [[2000, 1295]]}),
    ]
    assert (found[0].max_days, found[0].cut_off) == (2, time(14))


def test_where_transfers_go(loaded: HomePage) -> None:
    account = BankTransferSettings.current()
    assert (account.account_name, account.sort_code, account.is_complete) == ("Ipswich Retail Ltd", "00-00-00", True)


def test_the_address(loaded: HomePage) -> None:
    site = Site.objects.get()
    assert (site.hostname, site.port, site.root_url) == ("localhost", 8123, "http://localhost:8123")


def test_another_port_next_time(loaded: HomePage, content: Content, progress: Progress, settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "http://localhost:9000"
    load(content, progress)
    assert Site.objects.get().port == 9000


def test_an_address_of_ones_own_stays(loaded: HomePage, content: Content, progress: Progress) -> None:
    Site.objects.update(hostname="shop.example", port=443)
    load(content, progress)
    assert Site.objects.get().hostname == "shop.example"


def test_nobody_waits_for_a_picture(loaded: HomePage, client: Any, django_capture_on_commit_callbacks: Any) -> None:
    from demo.visits import public_pages

    with django_capture_on_commit_callbacks() as enqueued:
        for page in public_pages(loaded):
            html = client.get(page.get_url()).content.decode()
            assert "/media/original_images/" not in html, page
    assert enqueued == []
    assert 'type="image/avif"' in client.get("/").content.decode()


def test_the_search_finds_it(loaded: HomePage) -> None:
    found = get_search_backend().search("thrown", ProductPage.objects.all())
    assert [page.slug for page in found] == ["mug"]


def test_people_can_log_in(loaded: HomePage, client: Any) -> None:
    for email in (ADMIN, EDITOR):
        assert client.login(username=email, password=PASSWORD)
        assert client.get("/admin/").status_code == 200
    assert User.objects.get(email=ADMIN).is_superuser
    editor = User.objects.get(email=EDITOR)
    groups = {group.name for group in editor.groups.all()}
    assert groups == {"Editors", "Shop managers"}
    mug = ProductPage.objects.get(slug="mug")
    assert mug.permissions_for_user(editor).can_publish()
    assert editor.has_perms(["cms.change_shopsettings", "cms.publish_menu", "catalog.publish_brand"])
    assert not editor.has_perm("accounts.change_user")


def test_everything_can_be_moderated(loaded: HomePage) -> None:
    assert WorkflowPage.objects.get().page.depth == 1
    moderated = {entry.content_type.model for entry in WorkflowContentType.objects.all()}
    assert moderated == {"menu", "announcement", "brand", "priceproposal"}
    assert ProductPage.objects.get(slug="mug").get_workflow().name == "Moderators approval"
    assert Menu.objects.get(location="header").get_workflow().name == "Moderators approval"


def test_every_page_has_a_first_revision(loaded: HomePage) -> None:
    pages = Page.objects.descendant_of(loaded, inclusive=True)
    assert [page.slug for page in pages if page.latest_revision is None] == []


def test_again_changes_nothing(loaded: HomePage, content: Content, progress: Progress) -> None:
    before = counts()
    assert load(content, progress) is False
    assert counts() == before


def test_what_people_change_and_delete_stays_so(loaded: HomePage, content: Content, progress: Progress) -> None:
    mug = ProductPage.objects.get(slug="mug")
    mug.title = "Our mug"
    mug.save_revision().publish()
    ProductPage.objects.get(slug="plate").delete()
    Announcement.objects.all().delete()
    User.objects.filter(email=EDITOR).update(first_name="Renamed")
    assert load(content, progress) is False
    assert ProductPage.objects.get(slug="mug").title == "Our mug"
    assert not ProductPage.objects.filter(slug="plate").exists()
    assert not Announcement.objects.exists()
    assert User.objects.get(email=EDITOR).first_name == "Renamed"


def test_bringing_back_what_is_missing(loaded: HomePage, content: Content, progress: Progress) -> None:
    before = counts()
    mug = ProductPage.objects.get(slug="mug")
    mug.title = "Our mug"
    mug.save_revision().publish()
    ProductPage.objects.get(slug="plate").delete()
    StoryPage.objects.get(slug="sixty").delete()
    Menu.objects.get(location="footer").delete()
    load(content, progress, missing=True)
    assert counts() == before
    assert ProductPage.objects.get(slug="mug").title == "Our mug"
    assert Variant.objects.get(sku="PLATE").prices.count() == 1
    assert StoryPage.objects.get(slug="sixty").body[1].value["text"] == "Stop in time."


def test_a_mistake_leaves_nothing_behind(folder: Path, progress: Progress, home_page: HomePage, address: str) -> None:
    pages = folder / "pages.toml"
    pages.write_text(pages.read_text().replace('products = ["plate", "mug"]', 'products = ["plate", "cup"]'))
    with pytest.raises(ContentError, match="names the page 'cup', which does not exist"):
        load(read_content(folder, folder), progress)
    assert not CategoryPage.objects.exists()
    assert not ContentPage.objects.exists()
    assert not HomePage.objects.get().body


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        ("catalogue.toml", 'category = "tableware"', 'category = "attic"', "'mug' names the category 'attic'"),
        ("catalogue.toml", 'name = "mug--sea"', 'name = "mug--red"', "the picture 'mug--red', which is not in"),
        ("pages.toml", 'type = "faq"', 'type = "fax"', "There is no block 'fax': choose one of call_to_action, "),
        ("pages.toml", "[settings]", "[settings", "pages.toml is not TOML"),
    ],
)
def test_mistakes_are_named(
    folder: Path, progress: Progress, home_page: HomePage, file: str, before: str, after: str, message: str
) -> None:
    path = folder / file
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))
    with pytest.raises(ContentError, match=message):
        load(read_content(folder, folder), progress)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"catalogue\.toml is missing"):
        read_content(tmp_path)


def test_a_database_without_a_home_page() -> None:
    Site.objects.all().delete()
    with pytest.raises(CommandError, match=r"no home page: run `manage\.py migrate`"):
        call_command("load_demo", verbosity=0)


def test_progress_in_a_log(content: Content, home_page: HomePage, address: str) -> None:
    stream = io.StringIO()
    load(content, Progress(stream))
    lines = stream.getvalue().splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["Uploads", "4"],
        ["Categories", "2"],
        ["Products", "2"],
        ["Pages", "2"],
        ["Visits", "8"],
        ["Pictures", "3"],
    ]


def test_progress_on_a_terminal() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    assert list(Progress(stream).over("Products", ["a", "b"])) == ["a", "b"]
    drawn = stream.getvalue().split("\r\033[K")
    assert drawn[1] == "  Products     ░░░░░░░░░░░░░░░░░░░░░░░░ 0/2"
    assert drawn[2] == "  Products     ████████████░░░░░░░░░░░░ 1/2"
    assert drawn[3].startswith("  Products        2  ")


def test_quiet_progress() -> None:
    stream = io.StringIO()
    assert list(Progress(stream, quiet=True).over("Products", ["a"])) == ["a"]
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("name", "expected"), [("wool-throw--navy", "Wool throw, navy"), ("mug", "Mug")])
def test_titles_of_pictures(name: str, expected: str) -> None:
    assert title(name) == expected


def test_the_real_content_names_only_pictures_that_exist() -> None:
    names = named_pictures(read_content(CONTENT, IMAGES))
    assert len(names) > 60
    assert [name for name in names if not (IMAGES / f"{name}.webp").exists()] == []
    assert [name for name, words in names.items() if not words and not name.startswith("category-")] == []


def test_behind_the_scenes(loaded: HomePage) -> None:
    """A second location, reorder points, costs, a threshold, and a proposal that waits."""
    assert [location.code for location in StockLocation.objects.all()] == ["MAIN", "FLOOR"]
    assert StockItem.objects.get(sku="MUG-C").levels.get(location__code="FLOOR").on_hand == 46 // 4
    assert StockItem.objects.get(sku="MUG-C").on_hand == 46
    assert StockItem.objects.get(sku="PLATE").is_low
    assert VariantCost.objects.count() == 3
    assert PriceThreshold.objects.get(group__name="Shop managers").percent == 25
    proposal = PriceProposal.objects.get()
    assert {line.sku: line.amount for line in proposal.lines.all()} == {"MUG-C": 1890, "PLATE": 2520}
    assert proposal.applied_at is None
    assert ledger.violations() == []


@pytest.mark.parametrize("name", ["cornhill.csv", "cornhill.xlsx", "shopify.csv"])
def test_exported_and_imported_again_it_is_the_same(loaded: HomePage, tmp_path: Path, name: str) -> None:
    dialect, _, ending = name.partition(".")
    path = tmp_path / f"demo.{ending}"
    call_command("export_products", path, f"--format={dialect}", verbosity=0)
    before = counts()
    summary = import_products(path=path, overwrite=True, pictures=True)
    assert {outcome.value: number for outcome, number in summary.products.items()} == {
        "unchanged": ProductPage.objects.count()
    }
    assert (summary.complete, counts()) == (True, before)
