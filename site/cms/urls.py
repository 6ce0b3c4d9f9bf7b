"""Addresses that machines know by heart."""

from django.urls import path

from cms import views

app_name = "cms"
urlpatterns = [
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
