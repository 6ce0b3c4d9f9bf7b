"""Addresses of this room."""

from django.urls import URLPattern

app_name = "cart"
urlpatterns: list[URLPattern] = []
