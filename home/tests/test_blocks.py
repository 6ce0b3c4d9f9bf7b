"""Blocks: what editors see of them, what they refuse, and what they cost."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.base import Block
from wagtail.models import Site

from cms.blocks import LinkBlock
from cms.references import load_stream
from cms.tests.factories import ImageFactory, link
from home.blocks import BODY_BLOCKS, STORY_BLOCKS, CategoryTilesBlock, ProductRailBlock
from home.models import ContentPage, HomePage
from home.tests.factories import ContentPageFactory, body
from shop.catalog.tests.factories import CategoryPageFactory, ProductPageFactory

pytestmark = pytest.mark.django_db

EVERY_BLOCK: dict[str, Block] = dict(STORY_BLOCKS + BODY_BLOCKS)


def test_the_ten_blocks() -> None:
    assert set(EVERY_BLOCK) == {
        "hero",
        "rich_text",
        "image_text",
        "gallery",
        "product_rail",
        "category_tiles",
        "quote",
        "faq",
        "call_to_action",
        "embed",
    }


@pytest.mark.parametrize("name", EVERY_BLOCK)
def test_the_chooser_explains_each(name: str) -> None:
    block = EVERY_BLOCK[name]
    assert block.is_previewable
    assert block.get_description().endswith(".")
    assert block.meta.icon != "placeholder"
    assert block.meta.group in ("Words", "Pictures", "Shop")
    assert block.meta.template == f"components/streamfield/{name}.html"


PREVIEWS = {
    "hero": "The kitchen table, laid for autumn",
    "rich_text": "Made slowly, used daily",
    "image_text": "Six workshops, one van",
    "gallery": "From the workshop",
    "product_rail": "Stoneware mug",
    "category_tiles": "Tableware",
    "quote": "A good mug is one you reach past the others for.",
    "faq": "How long does it take?",
    "call_to_action": "Come and handle things",
    "embed": "A film appears here.",
}


@pytest.fixture
def stocked(home_page: HomePage) -> None:
    category = CategoryPageFactory(title="Tableware", image=ImageFactory())
    ProductPageFactory(title="Stoneware mug", parent=category)


@pytest.mark.parametrize("name", EVERY_BLOCK)
def test_previews_render(name: str, stocked: None, admin_client: Any) -> None:
    block = HomePage.body.field.stream_block.child_blocks.get(name) or EVERY_BLOCK[name]
    response = admin_client.get("/admin/block-preview/", {"id": block.definition_prefix})
    assert response.status_code == 200
    assert PREVIEWS[name] in response.content.decode()


@pytest.mark.parametrize("name", EVERY_BLOCK)
def test_previews_of_an_empty_shop_do_not_fail(name: str, home_page: HomePage, admin_client: Any) -> None:
    block: Block = HomePage.body.field.stream_block.child_blocks[name]
    assert admin_client.get("/admin/block-preview/", {"id": block.definition_prefix}).status_code == 200


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"label": "Both", "page": True, "url": "/x/"}, "url"),
        ({"label": "Neither", "page": None, "url": ""}, "page"),
        ({"label": "", "page": None, "url": "/x/"}, "label"),
        ({"label": "Script", "page": None, "url": "javascript:alert(1)"}, "url"),
        ({"label": "Other host", "page": None, "url": "//evil.example/"}, "url"),
        ({"label": "No host", "page": None, "url": "https://"}, "url"),
    ],
)
def test_links_that_are_refused(home_page: HomePage, value: dict[str, Any], field: str) -> None:
    block = LinkBlock(required=True)
    with pytest.raises(blocks.StructBlockValidationError) as problem:
        block.clean(block.normalize({**value, "page": home_page if value["page"] else None}))
    assert list(problem.value.block_errors) == [field]


@pytest.mark.parametrize(
    "url", ["/about/", "#delivery", "?page=2", "https://example.com", "mailto:a@b.example", "tel:+441632960214", "/"]
)
def test_addresses_that_are_taken(url: str) -> None:
    block = LinkBlock(required=True)
    value = block.clean(block.normalize({"label": "Go", "page": None, "url": url}))
    assert (value.href, value.label, bool(value)) == (url, "Go", True)


def test_an_empty_link_is_fine_unless_required() -> None:
    empty = {"label": "", "page": None, "url": ""}
    optional = LinkBlock()
    assert not optional.clean(optional.normalize(empty))
    required = LinkBlock(required=True)
    with pytest.raises(blocks.StructBlockValidationError):
        required.clean(required.normalize(empty))


def test_a_link_to_a_page(home_page: HomePage) -> None:
    block = LinkBlock()
    about = ContentPageFactory(title="About us", slug="about")
    value = block.normalize({"label": "", "page": about, "url": ""})
    assert (value.href, value.label) == ("/about/", "About us")
    about.live = False
    assert (value.href, bool(value)) == ("", False)


@pytest.mark.parametrize(
    ("source", "field"), [("category", "category"), ("hand", "products")], ids=["no category", "no products"]
)
def test_a_rail_needs_its_source(source: str, field: str) -> None:
    block = ProductRailBlock()
    value = block.normalize({"heading": "New", "source": source, "products": [], "category": None, "limit": 4})
    with pytest.raises(ValidationError) as problem:
        block.clean(value)
    assert list(problem.value.block_errors) == [field]  # type: ignore[attr-defined]


def test_tiles_fall_back_to_the_category(home_page: HomePage) -> None:
    block = CategoryTilesBlock().child_blocks["tiles"].child_block
    image, other = ImageFactory(), ImageFactory()
    category = CategoryPageFactory(title="Mugs", slug="mugs", image=image)
    plain = block.normalize({"category": category, "label": "", "image": None})
    assert (plain.title, plain.href, plain.picture) == ("Mugs", "/mugs/", image)
    own = block.normalize({"category": category, "label": "Cups", "image": other})
    assert (own.title, own.picture) == ("Cups", other)
    category.live = False
    assert plain.href == ""


def many_kinds(number: int) -> list[dict[str, Any]]:
    """A body with ``number`` of each block that points to something."""
    page, image = ContentPageFactory(), ImageFactory()
    one = [
        ("hero", {"heading": "H", "image": image.pk, "primary": link(page=page), "secondary": link(page=page)}),
        ("image_text", {"image": image.pk, "text": "T", "link": link(page=page)}),
        ("gallery", {"heading": "", "images": [{"image": image.pk}, {"image": ImageFactory().pk}]}),
        ("call_to_action", {"heading": "C", "link": link(page=page)}),
        ("category_tiles", {"tiles": [{"category": CategoryPageFactory(image=image).pk}]}),
    ]
    return body(*(one * number))


@pytest.mark.parametrize("number", [1, 4])
def test_one_query_per_model_that_a_body_points_to(
    home_page: HomePage, number: int, django_assert_num_queries: Any
) -> None:
    page = ContentPage.objects.get(pk=ContentPageFactory(body=many_kinds(number)).pk)
    Site.get_site_root_paths()
    with django_assert_num_queries(3):  # images, pages, categories with their pictures
        load_stream(page.body)
    with django_assert_num_queries(0):
        assert page.body[0].value["primary"].href
        assert page.body[0].value["image"].title
        assert page.body[4].value["tiles"][0].picture.title


def test_what_is_gone_is_left_out(home_page: HomePage) -> None:
    page = ContentPageFactory(body=body(("image_text", {"image": 99_999, "text": "T", "link": link(url="/x/")})))
    stored = ContentPage.objects.get(pk=page.pk)
    load_stream(stored.body)
    assert stored.body[0].value["image"] is None
