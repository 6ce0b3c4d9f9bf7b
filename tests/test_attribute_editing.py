"""Attributes in the admin: the product's editor shows those of its type, and refuses what makes no sense."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from shop.accounts.models import User
from shop.catalog.models import Attribute, ProductPage, ProductType
from shop.catalog.tests.factories import AttributeFactory, CategoryPageFactory, ProductPageFactory, ProductTypeFactory
from tests.content.forms import filled_form
from tests.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def mugs(home_page: Page) -> Any:
    glaze = [("sea", "Sea", "#7fb2c8"), ("sand", "Sand", "#d8c9a7")]
    kind = ProductTypeFactory(
        name="Mug",
        attributes=[
            AttributeFactory(code="capacity", name="Capacity", kind="number", unit="ml"),
            AttributeFactory(code="glaze", name="Glaze", kind="colour", multiple=True, choices=glaze),
            AttributeFactory(code="microwave", name="Microwave safe", kind="boolean"),
            AttributeFactory(code="fired", name="Fired on", kind="date"),
        ],
    )
    kind.type_attributes.filter(attribute__code="capacity").update(required=True)
    return CategoryPageFactory(title="Mugs", slug="mugs", parent=home_page, product_type=kind)


def edit_url(product: ProductPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[product.pk])


def draft_of(product: ProductPage) -> Any:
    return ProductPage.objects.get(pk=product.pk).get_latest_revision_as_object()


def test_values_are_typed_into_the_product_and_stored_in_its_revision(admin_client: Client, mugs: Any) -> None:
    product = ProductPageFactory(parent=mugs, attributes={"legacy": "kept"})
    data = filled_form(admin_client, edit_url(product), ProductPage)
    data.update({"attributes-capacity": "350 ml", "attributes-microwave": "false", "attributes-fired": "2026-03-31"})
    data.setlist("attributes-glaze", ["sand", "sea"])
    assert admin_client.post(edit_url(product), dict(data.lists())).status_code == 302
    expected = {"legacy": "kept", "capacity": 350, "glaze": ["sea", "sand"], "microwave": False, "fired": "2026-03-31"}
    assert draft_of(product).attributes == expected
    assert ProductPage.objects.get(pk=product.pk).attributes == {"legacy": "kept"}
    # What is stored comes back into the form, and an emptied input takes its value away.
    again = filled_form(admin_client, edit_url(product), ProductPage)
    assert again["attributes-capacity"] == "350"
    assert again["attributes-glaze"] == "sand"  # the last of those that are ticked
    assert again["attributes-microwave"] == "false"
    again["attributes-microwave"] = ""
    again.setlist("attributes-glaze", [])
    admin_client.post(edit_url(product), again)
    assert draft_of(product).attributes == {"legacy": "kept", "capacity": 350, "fired": "2026-03-31"}


@pytest.mark.parametrize("raw", ["much", "\u202e\x07", "9" * 400, "NaN", "1e400"])
def test_what_makes_no_sense_is_refused_and_kept_in_the_form(admin_client: Client, mugs: Any, raw: str) -> None:
    product = ProductPageFactory(parent=mugs)
    data = filled_form(admin_client, edit_url(product), ProductPage)
    data["attributes-capacity"] = raw
    response = admin_client.post(edit_url(product), data)
    assert response.status_code == 200
    assert response.context["form"].errors["attributes"][0].startswith("Capacity: ")


def test_a_draft_may_lack_what_publishing_needs(admin_client: Client, mugs: Any) -> None:
    product = ProductPageFactory(parent=mugs, live=False)
    data = filled_form(admin_client, edit_url(product), ProductPage)
    assert admin_client.post(edit_url(product), data).status_code == 302
    data["action-publish"] = "action-publish"
    refused = admin_client.post(edit_url(product), data)
    assert refused.context["form"].errors["attributes"] == ["Capacity: needed before this product can be published."]
    data["attributes-capacity"] = "350"
    assert admin_client.post(edit_url(product), data).status_code == 302
    assert ProductPage.objects.get(pk=product.pk).attributes == {"capacity": 350}


def test_a_form_without_the_inputs_takes_nothing_away(admin_client: Client, mugs: Any) -> None:
    product = ProductPageFactory(parent=mugs, attributes={"capacity": 350})
    data = filled_form(admin_client, edit_url(product), ProductPage)
    for name in [name for name in data if name.startswith("attributes")]:
        del data[name]
    assert admin_client.post(edit_url(product), data).status_code == 302
    assert draft_of(product).attributes == {"capacity": 350}


def test_a_new_product_has_the_inputs_of_the_category_it_is_made_in(admin_client: Client, mugs: Any) -> None:
    url = reverse("wagtailadmin_pages:add", args=["catalog", "productpage", mugs.pk])
    html = admin_client.get(url).content.decode()
    [shown] = re.findall(r'name="attributes-shown" value="([\w ]+)"', html)
    assert shown.split() == ["capacity", "glaze", "microwave", "fired"]


def test_the_page_shows_them_to_people_and_machines(client: Client, mugs: Any) -> None:
    make_product(parent=mugs, slug="mug", attributes={"capacity": 350, "glaze": ["sea"], "microwave": False})
    html = client.get("/mugs/mug/").content.decode()
    assert "<dt>Capacity</dt><dd>350 ml</dd>" in html
    assert 'fill="#7fb2c8"' in html
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    [product] = [entry for entry in json.loads(found)["@graph"] if entry["@type"] in ("Product", "ProductGroup")]
    assert product["additionalProperty"][:2] == [
        {"@type": "PropertyValue", "propertyID": "capacity", "name": "Capacity", "value": 350, "unitText": "ml"},
        {"@type": "PropertyValue", "propertyID": "glaze", "name": "Glaze", "value": "Sea"},
    ]


def test_two_versions_can_be_compared(admin_client: Client, mugs: Any) -> None:
    product = ProductPageFactory(parent=mugs, attributes={"capacity": 350})
    first = product.save_revision()
    product.attributes = {"capacity": 400}
    second = product.save_revision()
    url = reverse("wagtailadmin_pages:revisions_compare", args=[product.pk, first.pk, second.pk])
    assert b"Capacity: " in admin_client.get(url).content


def test_editors_define_attributes_and_types(client: Client) -> None:
    editor = User.objects.create_user("editor@example.org", password="secret-enough-1")
    editor.groups.add(Group.objects.get(name="Editors"))
    client.force_login(editor)
    for model in (Attribute, ProductType):
        name = f"wagtailsnippets_catalog_{model._meta.model_name}"
        assert client.get(reverse(f"{name}:list"), {"q": "wood"}).status_code == 200
        assert client.get(reverse(f"{name}:add")).status_code == 200
    management = {f"choices-{key}": value for key, value in (("TOTAL_FORMS", 1), ("INITIAL_FORMS", 0))}
    management |= {"choices-MIN_NUM_FORMS": 0, "choices-MAX_NUM_FORMS": 1000}
    choice = {"choices-0-label": "Oak", "choices-0-value": "oak", "choices-0-ORDER": 1, "choices-0-colour": ""}
    fields = {"name": "Wood", "code": "wood", "kind": "choice", "position": "0", "filterable": "on"}
    address = reverse("wagtailsnippets_catalog_attribute:add")
    assert client.post(address, {**fields, **management, **choice}).status_code == 302
    assert [choice.label for choice in Attribute.objects.get(code="wood").choices.all()] == ["Oak"]
    refused = client.post(address, {**fields, **management, **choice, "code": "price"})
    assert refused.status_code == 200
    assert "has a meaning" in refused.content.decode()
