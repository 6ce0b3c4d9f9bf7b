"""The links to pages on the admin's first page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page, Site

from cms.dashboard import DashboardLink
from home.models import StoryIndexPage
from shop.catalog.models import CategoryPage


def page_links(request: HttpRequest) -> list[DashboardLink]:
    """The home page, a new story, the catalogue, a new page; each only for those who may."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    home: Page = Page.objects.get(pk=site.root_page_id)
    links = []
    if _may(request, home).can_edit():
        url = reverse("wagtailadmin_pages:edit", args=[home.pk])
        links.append(DashboardLink("Edit the home page", "Pictures, products and words.", url, "home", order=20))
    journal = StoryIndexPage.objects.descendant_of(home).order_by("path").first()
    if journal is not None and _may(request, journal).can_add_subpage():
        url = reverse("wagtailadmin_pages:add", args=["home", "storypage", journal.pk])
        links.append(DashboardLink("Write a story", "For the journal.", url, "edit", order=30))
    shop = CategoryPage.objects.child_of(home).order_by("path").first()
    if shop is not None and _may(request, shop).can_edit():
        url = reverse("products:index")
        links.append(DashboardLink("Products", "Find one, change it, add one.", url, "tag", order=40))
        url = reverse("wagtailadmin_explore", args=[shop.pk])
        links.append(DashboardLink("Categories", "The shop's tree, and what is where.", url, "folder", order=45))
    if _may(request, home).can_add_subpage():
        url = reverse("wagtailadmin_pages:add", args=["home", "contentpage", home.pk])
        links.append(DashboardLink("Make a page", "For a campaign, or for advice.", url, "doc-full", order=50))
    return links


def _may(request: HttpRequest, page: Page) -> Any:
    return page.permissions_for_user(request.user)
