"""Every address of the admin, asked with and without a right to be there.

Grows by itself: the addresses come from the URL configuration. A new one that lets in whoever has no right fails here,
and so does one whose refusal cannot be seen because the test has no object to ask about.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import Group, Permission
from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.models import RevisionMixin

from cms.models import Announcement, CustomDocument, CustomImage, Menu
from cms.spreadsheets import SafeExportMixin
from cms.tests.factories import AnnouncementFactory, ImageFactory, MenuFactory
from search.models import LoggedQuery, QueryRule, SynonymSet
from shop.accounts.models import User
from shop.accounts.tests.factories import UserFactory
from shop.catalog.models import Attribute, Brand, ProductPage, ProductType
from shop.catalog.tests.factories import AttributeFactory, BrandFactory, ProductTypeFactory
from shop.imports.models import ImportRun
from shop.inventory.models import StockItem
from shop.orders.models import Carrier, Order
from shop.orders.tests.test_desk import busy  # noqa: F401  (a fixture)
from shop.pricing.models import PriceProposal, PriceThreshold
from shop.promotions.models import Coupon
from shop.promotions.tests.factories import make_promotion
from shop.reviews.models import Review
from shop.reviews.tests.factories import ReviewFactory
from shop.shipping.models import ClosedDay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]
ROOMS = ("shop", "search", "cms", "home", "storefront")


class Door(NamedTuple):
    """A named address. ``model`` is what its view is about, where it is ours and says so."""

    name: str
    parameters: tuple[str, ...]
    model: type[Model] | None
    ours: bool
    view: Any


def doors(resolver: URLResolver, route: str = "", namespace: str = "") -> Iterator[Door]:
    for found in resolver.url_patterns:
        whole = route + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from doors(found, whole, f"{namespace}{found.namespace}:" if found.namespace else namespace)
        elif whole.startswith("admin/") and found.name:
            view: Any = found.callback
            view_class = getattr(view, "view_class", None)
            model = getattr(view, "view_initkwargs", {}).get("model") or getattr(view_class, "model", None)
            about = model if isinstance(model, type) and model.__module__.partition(".")[0] in ROOMS else None
            ours = about is not None or getattr(view_class or view, "__module__", "").partition(".")[0] in ROOMS
            parameters = re.findall(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>", whole)
            yield Door(namespace + found.name, tuple(dict.fromkeys(a or b for a, b in parameters)), about, ours, view)


DOORS = list({door.name: door for door in doors(get_resolver())}.values())
# Open to everybody: words, pictures of the admin itself, and what leads to the shop's login and logout.
PUBLIC = {
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_sprite",
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_password_reset",
}
# Open to whoever enters the admin at all: what is their own, and windows that show nothing of the shop.
STAFF = {
    "wagtailadmin_home",
    "wagtailadmin_account",
    "wagtailadmin_dismissibles",
    "wagtailadmin_editing_sessions:release",
    "wagtailadmin_error_test",
    "wagtailadmin_choose_page_anchor_link",
    "wagtailadmin_choose_page_email_link",
    "wagtailadmin_choose_page_external_link",
    "wagtailadmin_choose_page_phone_link",
    "wagtailembeds:chooser",
    "wagtailembeds:chooser_upload",
    "wagtailadmin_tag_autocomplete",
    "wagtailadmin_tag_model_autocomplete",
    # Lists of what somebody has a right to, which are empty here.
    "wagtailadmin_api:pages:listing",
    "wagtailadmin_api:images:listing",
    "wagtailadmin_api:documents:listing",
    "wagtailadmin_pages:choose_parent",
    # Leads to the history of a page, which is refused.
    "wagtailadmin_pages:revisions_index",
    # Wagtail gives every group of its day the right to choose.
    "wagtaildocs_chooser:choose",
    "wagtaildocs_chooser:choose_results",
    "wagtaildocs_chooser:chosen_multiple",
    "wagtailimages_chooser:choose",
    "wagtailimages_chooser:choose_results",
    "wagtailimages_chooser:chosen_multiple",
}
WORDS = {
    "action": "delete",
    "action_name": "approve",
    "app_label": "catalog",
    "app_name": "catalog",
    "code": "fulfil",
    "content_type_app_name": "catalog",
    "content_type_model_name": "productpage",
    "model_name": "productpage",
    "revision_id_a": "earliest",
    "revision_id_b": "latest",
    "token": "x-y",
    "uidb64": "MQ",
}
# What is not there after a bare installation; ``make_home`` brings zones, ways of delivery and tax.
MAKERS: dict[type[Model], Callable[[], Any]] = {
    Announcement: AnnouncementFactory,
    Attribute: AttributeFactory,
    Brand: BrandFactory,
    Carrier: lambda: Carrier.objects.create(name="Van"),
    ClosedDay: lambda: ClosedDay.objects.create(day=timezone.localdate(), name="Stocktaking"),
    Coupon: lambda: make_promotion(code="TEN").coupons.get(),
    CustomDocument: lambda: CustomDocument.objects.create(title="Papers", file="documents/papers.pdf"),
    CustomImage: ImageFactory,
    LoggedQuery: lambda: LoggedQuery.objects.create(query="mug", last_asked=timezone.localdate()),
    Menu: MenuFactory,
    PriceProposal: lambda: PriceProposal.objects.create(title="Sale"),
    PriceThreshold: lambda: PriceThreshold.objects.create(group=Group.objects.create(name="Buyers"), percent=10),
    ProductType: ProductTypeFactory,
    QueryRule: lambda: QueryRule.objects.create(query="mug", key="mug"),
    Review: ReviewFactory,
    User: UserFactory,
    SynonymSet: lambda: SynonymSet.objects.create(phrases="mug, cup"),
}


# What each group finds open, of what is ours: areas, or pages that stand alone. What they may do there, the tests of
# each area say.
STOCK = "inventory_stock inventory_item inventory_stocktake inventory_low_stock inventory_ledger stock_alerts_wanted"
SEARCHING = "search_report search_queryrule search_synonymset search_loggedquery"
AREAS = {
    "Editors": f"""
        {STOCK} {SEARCHING} pricing_history pricing_priceproposal products catalog_variants catalog_variants_generate
        catalog_contents catalog_brand catalog_producttype catalog_attribute cms_menu cms_announcement
        wagtaildocs wagtailimages wagtailimages_chooser
    """,
    "Fulfilment": f"{STOCK} order wagtailimages_chooser",
    "Shop managers": f"""
        {STOCK} {SEARCHING} pricing_history pricing_priceproposal pricing_propose catalog_variants
        order payment refund provider_event reviews_review carriers stock_locations
        imports_index imports_export imports_run imports_progress imports_report
        delivery_overview delivery_zones delivery_methods closed_days tax_rates tax_classes
        promotions_choose_kind promotions_bulk promotions_coupons promotions_promotion wagtailimages_chooser
    """,
}


def staff(*codenames: str) -> User:
    """Somebody who may enter the admin, and what is named."""
    user: User = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


def existing(model: type[Model]) -> Any:
    """Any object of a kind."""
    found = model._default_manager.first()
    assert found or model in MAKERS, f"Give MAKERS a {model.__name__}, so that its addresses can be asked about."
    return found or MAKERS[model]()


@pytest.fixture
def paths(busy: Order) -> dict[Door, str]:  # noqa: F811
    """Where each door is, with an object behind it wherever it is ours."""
    product = ProductPage.objects.get()
    run = ImportRun.objects.create(file="products.csv", file_name="products.csv")
    of_order = {
        "pk": busy.pk,
        "shipment": busy.fulfilments.get().pk,
        "returned": busy.returns.get().pk,
        "letter": busy.mails.get().pk,
        "document": busy.documents.get(kind="credit_note").pk,
    }
    special = {"inventory_item": StockItem.objects.get(sku="MUG").pk, "promotions_bulk": existing(Coupon).promotion_id}
    found = {}
    for door in DOORS:
        values: dict[str, Any] = {name: WORDS.get(name, 1) for name in door.parameters}
        values |= {name: product.pk for name in door.parameters if "page" in name or name == "destination_id"}
        subject = existing(door.model) if door.model and values else product
        values |= {name: subject.pk for name in ("pk", "document_id", "image_id") if name in values}
        if "revision_id" in values and isinstance(subject, RevisionMixin):
            values["revision_id"] = (subject.latest_revision or subject.save_revision()).pk
        if door.name.startswith("imports_") and values:
            values["pk"] = run.pk
        if door.name in special:
            values["pk"] = special[door.name]
        if door.name.startswith("order:"):
            values |= {name: of_order[name] for name in values if name in of_order}
        try:
            found[door] = reverse(door.name, kwargs=values)
        except NoReverseMatch:
            # Wagtail's comparison of revisions, which counts its parameters.
            assert "compare" in door.name, door
    return found


def area(door: Door) -> str:
    """A door's list with all that belongs to it, or itself; a snippet's chooser belongs to the snippet."""
    place = door.name.rpartition(":")[0] or door.name.removesuffix("_results")
    return place.removeprefix("wagtailsnippetchoosers_").removeprefix("wagtailsnippets_")


def verdict(answer: Any) -> str:
    """What an answer comes to: refused, login, not found, or open with its status."""
    place = answer.headers.get("Location", "")
    if answer.status_code in (403, 405) or place == "/admin/":
        return "refused"
    if place.startswith("/account/login/"):
        return "login"
    return "not found" if answer.status_code == 404 else f"open: {answer.status_code} {place}"


def answers(user: User | None, paths: dict[Door, str]) -> Iterator[tuple[Door, str, str]]:
    """Each door, asked twice."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    for door, path in paths.items():
        if door.name not in PUBLIC:
            yield door, "GET", verdict(client.get(path))
            yield door, "POST", verdict(client.post(path))


@pytest.mark.parametrize("customer", [False, True])
def test_nobody_from_outside_gets_anywhere(paths: dict[Door, str], customer: bool) -> None:
    user = UserFactory() if customer else None
    found = {(door.name, method, seen) for door, method, seen in answers(user, paths) if seen != "login"}
    # Wagtail's own pages for a new password, which are switched off.
    assert {one for one in found if "password_reset" not in one[0] or one[2] != "not found"} == set()


def test_staff_without_a_right_get_nowhere(paths: dict[Door, str]) -> None:
    found = [(door, method, seen) for door, method, seen in answers(staff(), paths) if door.name not in STAFF]
    assert [(door.name, method, seen) for door, method, seen in found if seen.startswith("open")] == []
    unseen = {door.name for door, _, seen in found if seen == "not found" and door.ours}
    assert unseen == set()


@pytest.mark.parametrize("role", AREAS)
def test_each_role_has_its_areas_and_no_other(paths: dict[Door, str], role: str) -> None:
    user = staff()
    user.groups.add(Group.objects.get(name=role))
    own = {door: path for door, path in paths.items() if door.ours}
    opened = {area(door) for door, _, seen in answers(user, own) if seen.startswith("open")}
    assert opened == set(AREAS[role].split())


def test_doors_that_are_open_are_there() -> None:
    assert {door.name for door in DOORS} >= PUBLIC | STAFF


def test_no_export_of_ours_runs_as_a_formula() -> None:
    """Cells hold what shoppers have typed; Wagtail writes them into CSV as they are."""
    unsafe = set()
    for door in DOORS:
        view: Any = getattr(door.view, "view_class", None)
        exports = view and issubclass(view, SpreadsheetExportMixin) and door.ours
        listed = exports and (door.view.view_initkwargs.get("list_export") or view.list_export)
        if listed and not issubclass(view, SafeExportMixin):
            unsafe.add(door.name)
    assert unsafe == set()
