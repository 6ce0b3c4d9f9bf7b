"""Addresses of orders in the account area."""

from django.urls import path

from shop.orders import account_views

app_name = "my-orders"
urlpatterns = [
    path("", account_views.index, name="list"),
    path("<str:number>/", account_views.show, name="show"),
    path("<str:number>/again/", account_views.again, name="again"),
]
