"""The site of a request, without a query per request.

Sites hardly ever change, so each process keeps them for a few seconds. What is handed out is a copy of its own: nobody
can change the root page under another request's feet.
"""

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.http.request import split_domain_port
from wagtail.models import Site

_KEY = "sites"


def all_sites() -> list[Site]:
    """Every site with its root page as the type it is, from this process's cache."""
    cache = caches["process"]
    sites: list[Site] | None = cache.get(_KEY)
    if sites is None:
        sites = list(Site.objects.select_related("root_page", "root_page__locale").order_by("pk"))
        for site in sites:
            # A later request for the root page itself reads it afresh; see HomePage.route.
            site.root_page = site.root_page.specific_deferred
        cache.set(_KEY, sites, settings.SITE_CACHE_SECONDS)
    return sites


def forget_sites() -> None:
    """Look again, in this process; the others follow within ``SITE_CACHE_SECONDS``."""
    caches["process"].delete(_KEY)


def default_site() -> Site | None:
    """The site that answers for unknown hosts."""
    return next((site for site in all_sites() if site.is_default_site), None)


def site_for_request(request: HttpRequest) -> Site | None:
    """The site that Wagtail would find.

    Best first: the one with this host and port, the default site if it has this host, the only one with this host,
    the default site.
    """
    # Not get_host(): an address that ALLOWED_HOSTS refuses is refused by CommonMiddleware, with its own message.
    hostname = split_domain_port(request._get_raw_host())[0]  # type: ignore[attr-defined]
    port = int(request.get_port())
    sites = all_sites()
    same_host = [site for site in sites if site.hostname == hostname]
    for site in same_host:
        if site.port == port:
            return site
    for site in same_host:
        if site.is_default_site:
            return site
    if len(same_host) == 1:
        return same_host[0]
    return next((site for site in sites if site.is_default_site), None)
