"""The results page and the suggestions below the search box. Both read the query string and nothing else."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from search.forms import SearchForm
from search.selectors import find, suggest


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """``/search/?q=&page=``: any input is answered with 200."""
    form = SearchForm(request.GET)
    found = find(query=form.query, page=form.page_number)
    page_obj = found.page_obj
    context = {
        "query": found.query,
        "query_too_short": found.too_short,
        "loose": found.loose,
        "exact": found.exact,
        "corrected": found.corrected,
        "meant": found.meant,
        "products": found.products,
        "links": found.links,
        "counts": found.counts,
        "page_obj": page_obj,
        "page_range": list(page_obj.paginator.get_elided_page_range(page_obj.number)) if page_obj else [],
        "query_prefix": urlencode({"q": found.query}) + "&",
        **found.groups,
    }
    return render(request, "pages/search/results.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """``/search/suggest/?q=``: a fragment for htmx."""
    found = suggest(query=SearchForm(request.GET).query)
    context = {
        "query": found.query,
        "products": found.products,
        "categories": found.links.get("categories", []),
        "brands": found.links.get("brands", []),
        "stories": found.links.get("stories", []),
        "pages": found.links.get("pages", []),
    }
    response = render(request, "partials/search/suggestions.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
