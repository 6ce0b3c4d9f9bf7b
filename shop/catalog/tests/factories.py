"""What catalogue tests are made of. Prices and stock come with ``make_product`` in ``tests/factories.py``."""

from typing import Any

import factory
from wagtail.models import Page, Site
from wagtail_factories import ImageFactory as BaseImageFactory

from cms.models import CustomImage
from shop.catalog.models import (
    Attribute,
    AttributeChoice,
    Brand,
    BrandIndexPage,
    CategoryPage,
    CollectionPage,
    ProductImage,
    ProductPage,
    ProductType,
    TypeAttribute,
    Variant,
)


def site_root() -> Page:
    """The root page of the default site; the page tree's own root where there is no site."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site:
        return site.root_page
    return Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")


class ImageFactory(BaseImageFactory):
    """A drawn rectangle of 1000 by 800 pixels; ``file__width=...`` changes it."""

    title = factory.Sequence(lambda n: f"Picture {n}")
    file = factory.django.ImageField(width=1000, height=800, color="sandybrown")

    class Meta:
        model = CustomImage


class PageFactory(factory.django.DjangoModelFactory):
    """A live page below ``parent`` (default: the site's root page)."""

    title = factory.Sequence(lambda n: f"Page {n}")

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, parent: Page | None = None, **kwargs: Any) -> Page:
        # Fresh from the database: treebeard counts children on the instance it is given.
        parent = Page.objects.get(pk=(parent or site_root()).pk)
        return parent.add_child(instance=model_class(*args, **kwargs))


class CategoryPageFactory(PageFactory):
    title = factory.Sequence(lambda n: f"Category {n}")

    class Meta:
        model = CategoryPage


class CollectionPageFactory(PageFactory):
    """``conditions`` are the stored form of blocks."""

    title = factory.Sequence(lambda n: f"Collection {n}")

    class Meta:
        model = CollectionPage


class BrandIndexPageFactory(PageFactory):
    title = "Brands"
    slug = "brands"

    class Meta:
        model = BrandIndexPage


class BrandFactory(factory.django.DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Brand {n}")
    slug = factory.Sequence(lambda n: f"brand-{n}")

    class Meta:
        model = Brand


class AttributeFactory(factory.django.DjangoModelFactory):
    """``choices=[("oak", "Oak")]`` or ``[("sea", "Sea", "#7fb2c8")]`` adds choices."""

    name = factory.Sequence(lambda n: f"Attribute {n}")
    code = factory.Sequence(lambda n: f"attribute_{n}")

    class Meta:
        model = Attribute
        skip_postgeneration_save = True

    @factory.post_generation
    def choices(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for place, (value, label, *colour) in enumerate(extracted or []):
            AttributeChoice.objects.create(
                attribute=self, value=value, label=label, colour="".join(colour), sort_order=place
            )


class ProductTypeFactory(factory.django.DjangoModelFactory):
    """``attributes=[...]`` are its attributes, in this order; ``required=True`` needs them all."""

    name = factory.Sequence(lambda n: f"Type {n}")
    slug = factory.Sequence(lambda n: f"type-{n}")

    class Meta:
        model = ProductType

    @classmethod
    def _create(cls, model_class: Any, *args: Any, attributes: Any = (), required: bool = False, **kwargs: Any) -> Any:
        made = super()._create(model_class, *args, **kwargs)
        for place, attribute in enumerate(attributes):
            TypeAttribute.objects.create(product_type=made, attribute=attribute, position=place, required=required)
        return made


class ProductPageFactory(PageFactory):
    """A product page without variants."""

    title = factory.Sequence(lambda n: f"Product {n}")
    summary = "Made in Suffolk."

    class Meta:
        model = ProductPage


class ProductImageFactory(factory.django.DjangoModelFactory):
    image = factory.SubFactory(ImageFactory)
    sort_order = factory.Sequence(lambda n: n)

    class Meta:
        model = ProductImage


class VariantFactory(factory.django.DjangoModelFactory):
    product = factory.SubFactory(ProductPageFactory)
    sku = factory.Sequence(lambda n: f"SKU-{n}")

    class Meta:
        model = Variant
