"""The results page and the suggestions below the search box. Both read the query string and nothing else."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from search import log
from search.forms import SearchForm, clean_query
from search.selectors import Results, find, suggest
from shop.cart.guards import same_origin_post


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """``/search/?q=&page=`` and a listing's filters: any input is answered with 200, or leads where editors want it."""
    query = SearchForm(request.GET).query
    found = find(query=query, parameters=request.GET)
    if query and not found.too_short and not {*request.GET} - {"q"}:
        # Once per search, not for every page and filter of it.
        log.log_search(query=query, found=found.total, exact=found.exact)
        if found.address:
            # Where editors lead is an answer, and the shopper is there already.
            log.log_click(query=query)
    if found.address:
        return HttpResponseRedirect(found.address)
    htmx = getattr(request, "htmx", None)
    partial = htmx and not htmx.history_restore_request and found.listing
    template = "partials/catalog/listing.html" if partial else "pages/search/results.html"
    response = render(request, template, _context(found))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _context(found: Results) -> dict[str, Any]:
    return {
        "query": found.query,
        "query_too_short": found.too_short,
        "loose": found.loose,
        "exact": found.exact,
        "unknown": found.unknown,
        "corrected": found.corrected,
        "meant": found.meant,
        "products": found.products,
        "links": found.links,
        "counts": found.counts,
        **found.listing,
        **found.groups,
    }


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """``/search/suggest/?q=``: a fragment for htmx."""
    found = suggest(query=SearchForm(request.GET).query)
    context = {
        "query": found.query,
        "queries": found.queries,
        "products": found.products,
        "categories": found.links.get("categories", []),
        "collections": found.links.get("collections", []),
        "brands": found.links.get("brands", []),
        "stories": found.links.get("stories", []),
        "pages": found.links.get("pages", []),
    }
    response = render(request, "partials/search/suggestions.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@same_origin_post
def followed(request: HttpRequest) -> HttpResponse:
    """``POST /search/followed/`` with ``q``: a result of this query was opened. Sent by the browser as it leaves."""
    if query := clean_query(request.POST.get("q", "")):
        log.log_click(query=query)
    return HttpResponse(status=204)
