"""Addresses of the cart."""

from django.urls import path

from shop.cart import views

app_name = "cart"
urlpatterns = [
    path("", views.detail, name="detail"),
    path("drawer/", views.drawer, name="drawer"),
    path("add/", views.add, name="add"),
    path("update/", views.update, name="update"),
    path("remove/", views.remove, name="remove"),
]
