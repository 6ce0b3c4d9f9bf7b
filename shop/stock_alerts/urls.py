"""Addresses of the back-in-stock form."""

from django.urls import path

from shop.stock_alerts import views

app_name = "stock_alerts"
urlpatterns = [path("", views.ask, name="ask")]
