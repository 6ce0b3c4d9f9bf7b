"""Addresses of this room."""

from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("", views.results, name="results"),
    path("followed/", views.followed, name="followed"),
    path("suggest/", views.suggestions, name="suggest"),
]
