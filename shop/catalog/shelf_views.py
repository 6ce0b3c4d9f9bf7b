"""What the shopper's own browser asks for by product id. The answers are the same for everyone who asks the same."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from shop.catalog.comparison import COMPARED_MOST, SHELF_MOST, compare, read_ids
from shop.catalog.selectors import cards

# Seconds that a cache may keep a shelf: prices on it must not be old.
SHELF_AGE = 60


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """``/compare/?ids=1,2``: any input is answered with 200; products that are gone are left out."""
    context = {"comparison": compare(read_ids(request.GET.get("ids", ""), COMPARED_MOST))}
    return render(request, "pages/catalog/compare.html", context)


@require_safe
def recently_viewed(request: HttpRequest) -> HttpResponse:
    """``/recently-viewed/?ids=1,2``: the cards of these products as a fragment; 204 where none is left."""
    found = cards(read_ids(request.GET.get("ids", ""), SHELF_MOST))
    response = render(request, "partials/catalog/shelf.html", {"cards": found}) if found else HttpResponse(status=204)
    patch_cache_control(response, public=True, max_age=SHELF_AGE)
    response["X-Robots-Tag"] = "noindex"
    return response
