"""Addresses of the catalogue beside its pages."""

from django.urls import path

from shop.catalog import shelf_views

app_name = "catalog"
urlpatterns = [
    path("compare/", shelf_views.comparison, name="compare"),
    path("recently-viewed/", shelf_views.recently_viewed, name="recently_viewed"),
]
