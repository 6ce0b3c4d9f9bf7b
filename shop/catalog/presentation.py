"""What the pages of the catalogue show. Reads GET parameters only: no session, no user."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, QueryDict

from cms.pictures import single_url
from cms.restrictions import public
from cms.selectors import shop_currency
from shop.catalog import browsing, bundles, choosing, sections, structured_data
from shop.catalog.addresses import page_addresses
from shop.catalog.badges import Badge, badges
from shop.catalog.brands import brand_address
from shop.catalog.facets.browsed import Browsed, browse
from shop.catalog.facets.filtering import children
from shop.catalog.facets.view import Branch
from shop.catalog.models import CategoryPage, ProductImage, ProductPage
from shop.catalog.models.listed import ListingPage
from shop.catalog.offers import Offer
from shop.catalog.related import related
from shop.catalog.selectors import cards
from shop.catalog.thumbnails import TILE, ThumbnailData, thumbnail

# Pictures that search engines get of a product.
DATA_PICTURES = 4
# The size that the gallery offers as its fallback: made already.
DATA_PICTURE = "fill-800x800|format-webp"


@dataclass(frozen=True, slots=True)
class Tile:
    """A category as a link with a picture."""

    title: str
    url: str
    thumbnail: ThumbnailData | None


def category_context(category: CategoryPage, parameters: QueryDict) -> dict[str, Any]:
    """Raises Http404 for a page beyond the last one."""
    path = category.path
    browsed = browse(parameters=parameters, currency=shop_currency(), base=lambda view: view.below(path), within=path)
    return {
        **listed(category, browsed),
        "subcategories": subcategories(children(browsed.filtered.view, path)),
        "breadcrumbs": category.breadcrumbs,
    }


def listed(page: ListingPage, browsed: Browsed) -> dict[str, Any]:
    """``listing_context`` of a page, which remembers it for its head. Raises Http404 beyond the last page."""
    context = listing_context(browsed)
    page.shown = (context["cards"], context["page_obj"].start_index())
    page.listing_address = context["listing_address"]
    return context


def listing_context(browsed: Browsed) -> dict[str, Any]:
    """What ``partials/catalog/listing.html`` shows, whatever was browsed. Raises Http404 beyond the last page."""
    listing = browsed.listing
    paginator = Paginator(browsed.products, browsing.PER_PAGE)
    try:
        page_obj = paginator.page(listing.page)
    except EmptyPage as error:
        raise Http404("This listing has no such page.") from error
    return {
        "cards": cards(list(page_obj.object_list)),
        "paginator": paginator,
        "page_obj": page_obj,
        "page_range": list(paginator.get_elided_page_range(page_obj.number)),
        "listing": listing,
        "listing_address": listing.address(page_obj.number),
        "facets": browsed.facets,
        "choices": browsed.choices,
        "ways_out": browsed.ways_out,
        "unfiltered": browsed.unfiltered,
        "previous_address": listing.address(page_obj.number - 1) if page_obj.has_previous() else "",
        "next_address": listing.address(page_obj.number + 1) if page_obj.has_next() else "",
        "currency": browsed.currency,
    }


def subcategories(branches: list[Branch]) -> list[Tile]:
    """The tiles of these categories, in the editors' order."""
    if not branches:
        return []
    # By their paths: asking the table for the children of a page reads all that is anywhere below it.
    paths = [branch.path for branch in branches]
    found = public(CategoryPage.objects.live()).filter(path__in=paths).order_by("path").select_related("image")
    address = page_addresses()
    return [
        Tile(child.title, address(child.url_path), thumbnail(child.image, TILE) if child.image else None)
        for child in found
    ]


def product_context(product: ProductPage, parameters: QueryDict) -> dict[str, Any]:
    """An unknown SKU chooses what a visitor without one sees."""
    offers = product.offers
    selected = choosing.selected_offer(offers, parameters.get("sku", ""))
    return {
        "offers": offers,
        "selected_offer": selected,
        "option_groups": choosing.option_groups(offers, selected),
        "images": _pictures(product, selected),
        "breadcrumbs": product.breadcrumbs,
        "facts": product.facts,
        "related": related(product),
        "badges": product_badges(product, selected),
        "parts": bundle_parts(selected),
        "sections": product.sections,
        "brand_url": brand_address(product.brand) if product.brand else "",
    }


def bundle_parts(selected: Offer | None) -> tuple[bundles.Part, ...]:
    """What the chosen variant consists of; no query where it is no bundle."""
    if selected is None or not selected.is_bundle:
        return ()
    return bundles.parts_of([selected.variant.pk]).get(selected.variant.pk, ())


def product_badges(product: ProductPage, selected: Offer | None) -> tuple[Badge, ...]:
    """The badges of the chosen variant. That it cannot be bought is said beside the button already."""
    quote = selected.quote if selected else None
    if selected is None or quote is None or not selected.buyable:
        return ()
    row = getattr(product, "listing", None)
    return badges(
        price=quote.amount,
        compare_at=quote.compare_at,
        available=True,
        low_stock=bool(row and row.low_stock),
        published=product.first_published_at,
    )


def product_data(product: ProductPage) -> dict[str, Any]:
    """JSON-LD of a product."""
    root_url = _root_url(product)
    brand = product.brand
    data = structured_data.product_data(
        product,
        product.offers,
        url=product.full_url or "",
        images=[
            structured_data.absolute(root_url, single_url(picture.image, DATA_PICTURE))
            for picture in product.pictures[:DATA_PICTURES]
        ],
        brand=brand.name if brand and brand.live else "",
    )
    return data | structured_data.properties(product.facts) | sections.structured_data(product, product.sections)


def _root_url(page: CategoryPage | ProductPage) -> str:
    parts = page.get_url_parts()
    return parts[1] or "" if parts else ""


def _pictures(product: ProductPage, selected: Offer | None) -> list[ProductImage]:
    """The product's pictures, that of the selected variant in front, whether or not it is among them."""
    image = selected.variant.image if selected else None
    if image is None:
        return product.pictures
    own = [picture for picture in product.pictures if picture.image_id == image.pk]
    others = [picture for picture in product.pictures if picture.image_id != image.pk]
    return [*(own or [ProductImage(image=image)]), *others]
