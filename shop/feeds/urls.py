"""Addresses of this room."""

from django.urls import path

from shop.feeds import views

app_name = "feeds"
urlpatterns = [path("google.xml", views.google, name="google")]
