"""What surrounds every page: complete, free of queries once warm, and never stale."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from wagtail.models import Site

from cms.chrome import Announcement, Item, get_chrome
from cms.models import Announcement as AnnouncementSnippet
from cms.models import Menu
from cms.selectors import shop_currency
from cms.tests.factories import AnnouncementFactory, ImageFactory, MenuFactory, ShopSettingsFactory, link, menu_items
from home.models import ContentPage, HomePage
from home.tests.factories import ContentPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def about(home_page: HomePage) -> ContentPage:
    return ContentPageFactory(title="About us", slug="about")


@pytest.fixture
def furnished(about: ContentPage) -> Any:
    """A shop with settings, both menus and an announcement."""
    help_page = ContentPageFactory(title="Help", slug="help")
    hidden = ContentPageFactory(title="Hidden", slug="hidden", live=False)
    MenuFactory(
        items=menu_items(
            link(page=about),
            link("Journal", url="/journal/"),
            link("Never shown", page=hidden),
            {"label": "Shop", "page": help_page.pk, "links": [link("Mugs", url="/mugs/"), link(page=hidden)]},
            {"label": "Empty", "page": None, "links": [link(page=hidden)]},
        )
    )
    MenuFactory(
        location=Menu.Location.FOOTER, items=menu_items({"label": "Help", "page": None, "links": [link(page=about)]})
    )
    AnnouncementFactory(page=about)
    return ShopSettingsFactory()


def test_everything_is_there(furnished: Any, site: Site) -> None:
    chrome = get_chrome(site)
    assert (chrome.name, chrome.tagline) == ("Ipswich Retail", "Homeware from small British workshops")
    assert (chrome.legal_name, chrome.email, chrome.phone) == (
        "Ipswich Retail Ltd",
        "hello@ipswich-retail.example",
        "01632 960 214",
    )
    assert chrome.address_lines == ["9 Thimble Row", "Ipswich", "IP1 1XR"]
    assert (chrome.country, chrome.currency, chrome.root_url) == ("GB", "GBP", "http://testserver")
    assert (chrome.logo_url, chrome.social_image_url) == ("", "")
    assert chrome.announcement == Announcement("Free delivery over £60", "/about/")


def test_links_that_lead_nowhere_are_left_out(furnished: Any, site: Site) -> None:
    chrome = get_chrome(site)
    assert chrome.header == (
        Item("About us", "/about/"),
        Item("Journal", "/journal/"),
        Item("Shop", "/help/", (Item("Mugs", "/mugs/"),)),
    )
    assert chrome.footer == (Item("Help", "", (Item("About us", "/about/"),)),)


def test_no_query_once_warm(furnished: Any, site: Site, django_assert_num_queries: Any) -> None:
    get_chrome(site)
    shop_currency()
    with django_assert_num_queries(0):
        get_chrome(site)
        assert shop_currency() == "GBP"


def test_survives_the_cache(furnished: Any, site: Site) -> None:
    chrome = get_chrome(site)
    caches["default"].set("round-trip", chrome)
    assert caches["default"].get("round-trip") == chrome


def test_a_shop_that_nobody_has_set_up(site: Site) -> None:
    chrome = get_chrome(site)
    assert (chrome.name, chrome.legal_name, chrome.currency) == ("Cornhill", "Cornhill", "GBP")
    assert (chrome.header, chrome.footer, chrome.announcement) == ((), (), None)


def test_reading_writes_nothing(site: Site) -> None:
    from cms.models import ShopSettings

    get_chrome(site)
    assert ShopSettings.objects.count() == 0


def test_pictures_have_addresses_that_others_can_follow(site: Site, django_capture_on_commit_callbacks: Any) -> None:
    """Until their sizes are made, the uploads themselves are shown."""
    logo, social = ImageFactory(file__filename="logo.png"), ImageFactory(file__filename="social.png")
    with django_capture_on_commit_callbacks() as enqueued:
        ShopSettingsFactory(logo=logo, social_image=social)
    assert get_chrome(site).logo_url == logo.file.url
    assert get_chrome(site).social_image_url == f"http://testserver{social.file.url}"
    for callback in enqueued:
        callback()
    stem = social.file.name.rpartition("/")[2].removesuffix(".png")
    made = re.escape(f"http://testserver/media/images/{stem}.") + r"\w+\.fill-1200x630\.format-jpeg\.jpg"
    assert re.fullmatch(made, get_chrome(site).social_image_url)
    assert get_chrome(site).logo_url.endswith(".max-480x160.format-webp.webp")


def change_settings(about: ContentPage) -> None:
    from cms.models import ShopSettings

    shop = ShopSettings.objects.get()
    shop.name = "New name"
    shop.save()


def publish_menu(about: ContentPage) -> None:
    menu = Menu.objects.get(location="header")
    menu.items = menu_items(link("Only", url="/only/"))
    menu.save_revision().publish()


def unpublish_menu(about: ContentPage) -> None:
    Menu.objects.get(location="header").unpublish()


def delete_menu(about: ContentPage) -> None:
    Menu.objects.get(location="footer").delete()


def publish_announcement(about: ContentPage) -> None:
    snippet = AnnouncementSnippet.objects.get()
    snippet.text = "Closed on Monday"
    snippet.save_revision().publish()


def unpublish_announcement(about: ContentPage) -> None:
    AnnouncementSnippet.objects.get().unpublish()


def delete_announcement(about: ContentPage) -> None:
    AnnouncementSnippet.objects.get().delete()


def rename_page(about: ContentPage) -> None:
    about.title = "Who we are"
    about.save_revision().publish()


def change_slug(about: ContentPage) -> None:
    about.slug = "who-we-are"
    about.save_revision().publish()


def unpublish_page(about: ContentPage) -> None:
    about.unpublish()


def move_page(about: ContentPage) -> None:
    about.move(ContentPage.objects.get(slug="help"), "last-child")


def delete_page(about: ContentPage) -> None:
    about.delete()


def change_host(about: ContentPage) -> None:
    site = Site.objects.get()
    site.hostname = "shop.example"
    site.save()


CHANGES: list[Callable[[ContentPage], None]] = [
    change_settings,
    publish_menu,
    unpublish_menu,
    delete_menu,
    publish_announcement,
    unpublish_announcement,
    delete_announcement,
    rename_page,
    change_slug,
    unpublish_page,
    move_page,
    delete_page,
    change_host,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_every_change_shows_at_once(
    change: Callable[[ContentPage], None],
    furnished: Any,
    about: ContentPage,
    site: Site,
    django_capture_on_commit_callbacks: Any,
) -> None:
    before = get_chrome(site)
    with django_capture_on_commit_callbacks(execute=True):
        change(ContentPage.objects.get(pk=about.pk))
    fresh_site = Site.objects.get()
    after = get_chrome(fresh_site)
    from cms.chrome import _build

    assert after != before
    assert after == _build(fresh_site)


def test_a_draft_changes_nothing(furnished: Any, site: Site, django_capture_on_commit_callbacks: Any) -> None:
    before = get_chrome(site)
    with django_capture_on_commit_callbacks(execute=True):
        menu = Menu.objects.get(location="header")
        menu.items = menu_items(link("Draft", url="/draft/"))
        menu.save_revision()
    assert get_chrome(site) == before


def test_the_announcement_published_last_is_shown(
    furnished: Any, site: Site, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        AnnouncementFactory(text="Closed on Monday", live=False).save_revision().publish()
    assert get_chrome(site).announcement == Announcement("Closed on Monday", "")


def test_one_menu_per_place(site: Site) -> None:
    from django.core.exceptions import ValidationError

    MenuFactory()
    with pytest.raises(ValidationError, match="This place has a menu already"):
        Menu(location="header").full_clean()


def test_the_currency_is_a_real_one(site: Site) -> None:
    from django.core.exceptions import ValidationError

    shop = ShopSettingsFactory.build(site=site, currency="POUNDS"[:3])
    with pytest.raises(ValidationError, match="POU is not a currency code"):
        shop.full_clean()


def test_a_currency_may_be_typed_in_small_letters(site: Site) -> None:
    shop = ShopSettingsFactory.build(site=site, currency=" eur")
    shop.full_clean()
    assert shop.currency == "EUR"


def test_an_announcement_leads_to_one_place(about: ContentPage) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="not both"):
        AnnouncementSnippet(text="Here", page=about, url="/there/").full_clean()
