"""Addresses of the checkout."""

from django.urls import path

from shop.checkout import confirm_views, views

app_name = "checkout"
urlpatterns = [
    path("", views.CheckoutView.as_view(), name="checkout"),
    path("confirm/<str:token>/", confirm_views.ConfirmView.as_view(), name="confirm"),
    path("confirm/<str:token>/return/", confirm_views.ReturnView.as_view(), name="return"),
    path("confirm/<str:token>/abandon/", confirm_views.AbandonView.as_view(), name="abandon"),
]
