"""Addresses of reviews."""

from django.urls import path

from shop.reviews import views

app_name = "reviews"
urlpatterns = [
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("<int:product_id>/", views.reviews, name="list"),
    path("<int:product_id>/write/", views.write, name="write"),
    path("<int:product_id>/thanks/", views.thanks, name="thanks"),
]
