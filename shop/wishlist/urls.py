"""Addresses of the wishlist."""

from django.urls import path

from shop.wishlist import views

app_name = "wishlist"
urlpatterns = [
    path("", views.detail, name="detail"),
    path("add/", views.add, name="add"),
    path("remove/", views.remove, name="remove"),
    path("ids/", views.ids, name="ids"),
    path("heart/<int:product_id>/", views.heart, name="heart"),
]
