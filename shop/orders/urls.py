"""Addresses of orders."""

from django.urls import path

from shop.orders import views

app_name = "orders"
urlpatterns = [
    path("<str:token>/", views.confirmation, name="confirmation"),
    path("<str:token>/renew/", views.renew, name="renew"),
]
