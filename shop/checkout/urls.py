"""Addresses of the checkout."""

from django.urls import path

from shop.checkout import views

app_name = "checkout"
urlpatterns = [
    path("", views.CheckoutView.as_view(), name="checkout"),
    path("confirm/<str:token>/", views.ConfirmView.as_view(), name="confirm"),
]
