"""Wiring of promotions into the admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from shop.promotions.admin_views import BulkView, ChooseKindView
from shop.promotions.viewsets import CouponViewSet, PromotionViewSet

register_snippet(PromotionViewSet)


@hooks.register("register_admin_viewset")
def coupons() -> CouponViewSet:
    return CouponViewSet()


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("promotions/new/", ChooseKindView.as_view(), name="promotions_choose_kind"),
        path("promotions/<int:pk>/codes/", BulkView.as_view(), name="promotions_bulk"),
    ]


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    """What a group may be given on its screen in the settings; promotions say so themselves."""
    return Permission.objects.filter(
        content_type__app_label="promotions", codename__in=["add_coupon", "change_coupon", "view_coupon"]
    )
