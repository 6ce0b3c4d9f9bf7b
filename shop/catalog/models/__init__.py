"""Products and what orders them: categories, brands, attributes, variants, and the narrow row that listings read."""

from shop.catalog.models.attributes import Attribute, AttributeChoice, ProductType, TypeAttribute
from shop.catalog.models.brand import Brand
from shop.catalog.models.brand_index import BrandIndexPage
from shop.catalog.models.bundle import BundleComponent
from shop.catalog.models.category import CategoryPage
from shop.catalog.models.changes import CatalogueChange
from shop.catalog.models.collection import CollectionPage, ExcludedProduct, PinnedProduct
from shop.catalog.models.digital import DigitalFile
from shop.catalog.models.listing import ListingRow
from shop.catalog.models.product import ProductImage, ProductPage
from shop.catalog.models.related import CrossSellProduct, RelatedProduct
from shop.catalog.models.tag import ProductTag
from shop.catalog.models.variant import Variant

__all__ = [
    "Attribute",
    "AttributeChoice",
    "Brand",
    "BrandIndexPage",
    "BundleComponent",
    "CatalogueChange",
    "CategoryPage",
    "CollectionPage",
    "CrossSellProduct",
    "DigitalFile",
    "ExcludedProduct",
    "ListingRow",
    "PinnedProduct",
    "ProductImage",
    "ProductPage",
    "ProductTag",
    "ProductType",
    "RelatedProduct",
    "TypeAttribute",
    "Variant",
]
