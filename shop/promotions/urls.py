"""Addresses of promotions."""

from django.urls import path

from shop.promotions import views

app_name = "promotions"
urlpatterns = [
    path("code/", views.enter, name="enter"),
    path("code/remove/", views.remove, name="remove"),
]
