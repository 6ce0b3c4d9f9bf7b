"""Names of what imports write into a page's history."""

from typing import Any

from wagtail import hooks

from shop.imports.writing import LOG_CHANGED, LOG_CREATED


@hooks.register("register_log_actions")
def register_import_actions(actions: Any) -> None:
    actions.register_action(LOG_CREATED, "Create by import", "Created by an import")
    actions.register_action(LOG_CHANGED, "Change by import", "Changed by an import")
