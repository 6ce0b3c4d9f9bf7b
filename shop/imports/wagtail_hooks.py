"""Wires imports into the admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.imports.screens.exports import ExportView
from shop.imports.screens.views import ImportsView, ProgressView, ReportView, RunView, may
from shop.imports.writing import LOG_CHANGED, LOG_CREATED


class ImportsMenuItem(MenuItem):
    """Shown to those who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request, "view", "add", "change")


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("imports/", ImportsView.as_view(), name="imports_index"),
        path("imports/export/", ExportView.as_view(), name="imports_export"),
        path("imports/<int:pk>/", RunView.as_view(), name="imports_run"),
        path("imports/<int:pk>/progress/", ProgressView.as_view(), name="imports_progress"),
        path("imports/<int:pk>/report/", ReportView.as_view(), name="imports_report"),
    ]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return ImportsMenuItem("Imports", reverse("imports_index"), icon_name="upload", order=290)


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    """What a group may be given on its screen in the settings."""
    names = ("add_importrun", "change_importrun", "view_importrun")
    return Permission.objects.filter(content_type__app_label="imports", codename__in=names)


@hooks.register("register_log_actions")
def register_import_actions(actions: Any) -> None:
    actions.register_action(LOG_CREATED, "Create by import", "Created by an import")
    actions.register_action(LOG_CHANGED, "Change by import", "Changed by an import")
