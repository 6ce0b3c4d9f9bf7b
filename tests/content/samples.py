"""One page of every type, with something of everything in it."""

from collections.abc import Callable
from typing import Any

from wagtail.models import Page

from cms.tests.factories import ImageFactory, link
from home.models import ContentPage, HomePage, StoryIndexPage, StoryPage
from home.tests.factories import ContentPageFactory, StoryIndexPageFactory, StoryPageFactory, body, site_root
from shop.catalog.models import BrandIndexPage, CategoryPage, CollectionPage, ProductPage
from shop.catalog.tests.factories import (
    BrandFactory,
    BrandIndexPageFactory,
    CategoryPageFactory,
    CollectionPageFactory,
    ProductImageFactory,
)
from tests.factories import make_product


def full_body(product: ProductPage, category: CategoryPage) -> list[dict[str, Any]]:
    """Every block once."""
    image = ImageFactory().pk
    return body(
        ("hero", {"heading": "Hero", "image": image, "primary": link(page=category), "layout": "light_text"}),
        ("rich_text", "<p>Words</p>"),
        ("image_text", {"image": image, "text": "<p>Beside</p>", "link": link(page=product)}),
        ("gallery", {"heading": "Gallery", "images": [{"image": image, "caption": "One"}]}),
        ("product_rail", {"heading": "By hand", "source": "hand", "products": [product.pk], "limit": 8}),
        ("product_rail", {"heading": "Newest", "source": "category", "category": category.pk, "limit": 8}),
        ("category_tiles", {"heading": "Tiles", "tiles": [{"category": category.pk}]}),
        ("quote", {"text": "Quote", "attribution": "Hester"}),
        ("faq", {"heading": "Questions", "items": [{"question": "Why?", "answer": "<p>Because.</p>"}]}),
        ("call_to_action", {"heading": "Act", "link": link("Go", url="/go/")}),
        ("embed", {"url": None, "caption": "Film"}),
    )


def stocked() -> tuple[ProductPage, CategoryPage]:
    """A product with a picture in a category with a picture."""
    category = CategoryPageFactory(title="Tableware", image=ImageFactory())
    product = make_product(title="Stoneware mug", parent=category)
    ProductImageFactory(page=product)
    return product, category


def make_home() -> HomePage:
    home: HomePage = site_root().specific
    home.body = full_body(*stocked())
    home.save()
    return HomePage.objects.get(pk=home.pk)


def make_story() -> StoryPage:
    blocks = [
        block for block in full_body(*stocked()) if block["type"] in StoryPage.body.field.stream_block.child_blocks
    ]
    story: StoryPage = StoryPageFactory(title="Sixty before lunch", body=blocks, image=ImageFactory())
    return story


def make_journal() -> StoryIndexPage:
    journal: StoryIndexPage = StoryIndexPageFactory(intro="Visits.")
    StoryPageFactory(parent=journal, image=ImageFactory())
    return journal


def make_collection() -> CollectionPage:
    product, category = stocked()
    rule = [
        {"type": "category", "value": {"categories": [category.pk]}},
        {"type": "price", "value": {"lowest": "1.00", "highest": "500.00"}},
        {"type": "in_stock", "value": None},
    ]
    collection: CollectionPage = CollectionPageFactory(title="For the table", conditions=rule, image=ImageFactory())
    collection.pinned_products.create(product=product)
    collection.excluded_products.create(product=make_product(title="Never"))
    return collection


def make_brand_index() -> BrandIndexPage:
    make_product(title="Jug", brand=BrandFactory(name="Orwell Ware", slug="orwell-ware"))
    brands: BrandIndexPage = BrandIndexPageFactory(title="Brands", slug="brands", intro="Who makes what.")
    return brands


# A new page type needs a line here; test_every_page_type says so.
SAMPLES: dict[type[Page], Callable[[], Page]] = {
    HomePage: make_home,
    ContentPage: lambda: ContentPageFactory(title="About us", body=full_body(*stocked()), image=ImageFactory()),
    StoryIndexPage: make_journal,
    StoryPage: make_story,
    CollectionPage: make_collection,
    BrandIndexPage: make_brand_index,
    CategoryPage: lambda: stocked()[1],
    ProductPage: lambda: stocked()[0],
}
