"""The variants' table of a product, as staff with some rights see it and post it back."""

from typing import Any

from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from shop.accounts.models import User
from shop.catalog.models import ProductPage, Variant
from shop.inventory.models import StockItem
from shop.pricing.selectors import current_quotes

PRICE_AND_STOCK = ("add_price", "view_price", "add_stockmovement", "view_stockmovement")


FETCH = {"X-Requested-With": "XMLHttpRequest"}


def member(email: str, *, pages: bool = True, permissions: tuple[str, ...] = ()) -> Client:
    """Somebody who enters the admin, with the right to edit pages or some permissions."""
    user = User.objects.create_user(email, "a-long-password")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    if pages:
        group = Group.objects.create(name=f"Pages of {email}")
        change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
        GroupPagePermission.objects.create(group=group, page=Page.objects.get(depth=1), permission=change)
        user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


class Table:
    """What a person sees, and posts back after changing some of it."""

    def __init__(self, client: Client, product: ProductPage) -> None:
        self.client = client
        self.url = reverse("catalog_variants", args=[product.pk])
        self.fields = self.read(client.get(self.url).content.decode())

    @staticmethod
    def read(html: str) -> dict[str, str]:
        soup = BeautifulSoup(html, "html.parser")
        for pattern in soup.select("template"):
            pattern.decompose()
        fields: dict[str, str] = {}
        for item in soup.select("[form=variants-form][name]"):
            if item.name == "select":
                chosen = item.select_one("option[selected]") or item.select_one("option")
                fields[str(item["name"])] = str(chosen["value"]) if chosen else ""
            elif item.get("type") != "checkbox":
                fields[str(item["name"])] = str(item.get("value", ""))
            elif item.has_attr("checked"):
                fields[str(item["name"])] = "on"
        return fields

    def field(self, sku: str, name: str) -> str:
        return f"v{Variant.objects.get(sku=sku).pk}-{name}"

    def post(self, changes: dict[str, Any] | None = None, *, without: tuple[str, ...] = ()) -> Any:
        data = {key: value for key, value in {**self.fields, **(changes or {})}.items() if key not in without}
        return self.client.post(self.url, data, headers=FETCH)

    def change(self, of: str, **values: Any) -> Any:
        """``change("SEA", price_amount="9")``: shared fields are named ``shared__...``."""
        changes = {
            (f"shared-{name.removeprefix('shared__')}" if name.startswith("shared__") else self.field(of, name)): value
            for name, value in values.items()
        }
        return self.post(changes)


def messages(response: Any) -> list[str]:
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    return [" ".join(item.get_text(" ").split()) for item in soup.select(".variants__error")]


def status(response: Any) -> str:
    found = BeautifulSoup(response.content.decode(), "html.parser").select_one("[data-variants-status]")
    return found.get_text() if found else ""


def price(sku: str) -> tuple[int, int | None]:
    variant = Variant.objects.get(sku=sku)
    quote = current_quotes([variant.pk])[variant.pk]
    return quote.amount, quote.compare_at


def on_hand(sku: str) -> int:
    return StockItem.objects.get(sku=sku).on_hand
