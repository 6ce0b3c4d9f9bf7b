"""Wires reviews into the admin."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from shop.reviews.bulk_actions import Publish, Reject
from shop.reviews.summary import ReviewsWaiting
from shop.reviews.viewsets import ReviewViewSet

register_snippet(ReviewViewSet)
hooks.register("register_bulk_action", Publish)
hooks.register("register_bulk_action", Reject)


@hooks.register("construct_homepage_summary_items")
def add_summary(request: HttpRequest, items: list[Any]) -> None:
    items.append(ReviewsWaiting(request))
