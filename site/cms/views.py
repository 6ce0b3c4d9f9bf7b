"""What machines ask every site for: sitemap.xml, robots.txt, favicon.ico. Addresses come from the Site record."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from cms import sitemaps

# Seconds for which machines and proxies may keep the answers.
HOUR = 3600
DAY = 86_400

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /cart/
Disallow: /checkout/
Disallow: /orders/
Disallow: /search/

Sitemap: {root_url}/sitemap.xml
"""


def _site(request: HttpRequest) -> Site:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404("No site answers here.")
    return site


@require_safe
@cache_control(public=True, max_age=HOUR)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page; beyond 50,000 an index of as many files as it takes (``?p=2``)."""
    site = _site(request)
    more = sitemaps.further(site)
    count = sitemaps.file_count(site, more)
    asked = request.GET.get("p")
    if asked is None and count > 1:
        parts = sitemaps.index(site, f"{site.root_url}{request.path}", count)
    else:
        number = int(asked) if asked and asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1
        if not 1 <= number <= count:
            raise Http404("The sitemap has no such file.")
        parts = sitemaps.urlset(site, number, more)
    return HttpResponse("".join(parts), content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=DAY)
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers need not read, and where the sitemap is."""
    return HttpResponse(ROBOTS.format(root_url=_site(request).root_url), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=DAY)
def favicon(request: HttpRequest) -> HttpResponse:
    """For programs that look here without having read a page."""
    return HttpResponsePermanentRedirect(static("img/favicon.svg"))
