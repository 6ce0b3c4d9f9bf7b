"""What search engines and social networks read in a page's head."""

import json
from dataclasses import dataclass
from typing import Any

from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Site

from cms.chrome import SOCIAL_IMAGE, Chrome, get_chrome
from cms.models import BasePage
from cms.pictures import single_url
from cms.sites import all_sites

# Characters that could end the script element or confuse an old parser, as JSON escapes.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
DESCRIPTION_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Meta:
    """What ``components/head_meta.html`` prints; empty strings are left out."""

    title: str
    description: str
    canonical: str
    kind: str
    site_name: str
    image_url: str
    image_alt: str
    json_ld: SafeString


def script_json(value: Any) -> SafeString:
    """JSON that is safe inside ``<script>``: no text in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308  (every character that HTML could act on is escaped above)


def meta(page: BasePage, context: Context) -> Meta:
    """Everything that the head says about a page. Addresses come from the Site record, never from the Host header."""
    request = context.get("request")
    site = _site_of(page)
    chrome = get_chrome(site)
    canonical = _canonical(page, context)
    image = page.social_image or page.share_image
    image_url = single_url(image, SOCIAL_IMAGE)
    graph = [_organization(chrome), _website(chrome), *_breadcrumbs(page, chrome), *page.structured_data(request)]
    return Meta(
        title=title(page, chrome, _page_number(context)),
        description=(page.search_description or page.share_text)[:DESCRIPTION_LENGTH],
        canonical=canonical,
        kind=page.open_graph_type,
        site_name=chrome.name,
        image_url=absolute(chrome, image_url) or chrome.social_image_url,
        image_alt=image.default_alt_text if image else "",
        json_ld=script_json({"@context": "https://schema.org", "@graph": graph}),
    )


def title(page: BasePage, chrome: Chrome, number: int = 1) -> str:
    """The search title with the shop's name, once. A further page of a list says which it is."""
    own = page.seo_title or page.title
    own = f"{own}, page {number}" if number > 1 else own
    return own if chrome.name in own else f"{own} | {chrome.name}"


def absolute(chrome: Chrome, url: str) -> str:
    """An address with scheme and host: storage may give either kind."""
    return chrome.root_url + url if url.startswith("/") else url


def _site_of(page: BasePage) -> Site | None:
    """The site that a page belongs to, without a query."""
    parts = page.get_url_parts()
    return next((site for site in all_sites() if parts and site.pk == parts[0]), None)


def _page_number(context: Context) -> int:
    return getattr(context.get("page_obj"), "number", 1)


def _canonical(page: BasePage, context: Context) -> str:
    """Filters and sort orders show the same things again; further pages of a list do not."""
    url = page.full_url or ""
    page_obj = context.get("page_obj")
    # A room's choice of order and filters says itself whether it is the plain one.
    plain = getattr(context.get("listing"), "is_plain", True)
    return f"{url}?page={page_obj.number}" if url and plain and page_obj is not None and page_obj.number > 1 else url


def _organization(chrome: Chrome) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": chrome.street,
        "addressLocality": chrome.city,
        "postalCode": chrome.postcode,
        "addressCountry": chrome.country,
    }
    return _filled(
        {
            "@type": "Organization",
            "@id": f"{chrome.root_url}/#organization",
            "name": chrome.name,
            "legalName": chrome.legal_name,
            "url": f"{chrome.root_url}/",
            "logo": absolute(chrome, chrome.logo_url),
            "email": chrome.email,
            "telephone": chrome.phone,
            "address": _filled(address) if chrome.street else {},
        }
    )


def _website(chrome: Chrome) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "WebSite",
        "@id": f"{chrome.root_url}/#website",
        "name": chrome.name,
        "url": f"{chrome.root_url}/",
        "publisher": {"@id": f"{chrome.root_url}/#organization"},
    }
    try:
        target = f"{chrome.root_url}{reverse('search:results')}?q={{search_term_string}}"
    except NoReverseMatch:
        return found
    found["potentialAction"] = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": target},
        "query-input": "required name=search_term_string",
    }
    return found


def _breadcrumbs(page: BasePage, chrome: Chrome) -> list[dict[str, Any]]:
    """The way from the home page; nothing for the home page itself."""
    crumbs = page.breadcrumbs
    if len(crumbs) < 2:
        return []
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": absolute(chrome, url)}
        for position, (name, url) in enumerate(crumbs, start=1)
    ]
    return [{"@type": "BreadcrumbList", "itemListElement": items}]


def _filled(value: dict[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if item}
