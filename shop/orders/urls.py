"""Addresses of orders."""

from django.urls import path

from shop.orders import views
from shop.orders.download_views import download

app_name = "orders"
urlpatterns = [
    path("download/<str:token>/", download, name="download"),
    path("<str:token>/", views.confirmation, name="confirmation"),
    path("<str:token>/invoice/", views.invoice, name="invoice"),
    path("<str:token>/credit-notes/<int:document>/", views.invoice, name="credit_note"),
    path("<str:token>/renew/", views.renew, name="renew"),
]
