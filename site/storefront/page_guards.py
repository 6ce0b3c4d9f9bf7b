"""Who may open those pages of Wagtail's admin that show titles of pages, names and workflows to all staff."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from wagtail.models import Page, Task, Workflow
from wagtail.permissions import policy_registry

Rule = Callable[[Any, Mapping[str, Any]], bool]
ARRANGES = {"add", "change"}


def is_allowed(view_name: str, user: Any, arguments: Mapping[str, Any]) -> bool:
    """Whether somebody may look at a page of the admin, as far as these rules know. Raises Http404."""
    rule = RULES.get(view_name)
    return rule is None or rule(user, arguments)


def may_move(user: Any, arguments: Mapping[str, Any]) -> bool:
    """This page to that place: Wagtail asks when it moves, and shows both titles before."""
    page, place = (_page(arguments[name]) for name in ("page_to_move_id", "destination_id"))
    return bool(page.permissions_for_user(user).can_move_to(place))


def may_edit(user: Any, arguments: Mapping[str, Any]) -> bool:
    """The page, be it as one of those who approve it."""
    return bool(_page(arguments["page_id"]).permissions_for_user(user).can_edit())


def has_pages(user: Any, arguments: Mapping[str, Any]) -> bool:
    """Some page is theirs to work on."""
    return bool(policy_registry.get_by_type(Page).explorable_root_instance(user))


def has_all_pages(user: Any, arguments: Mapping[str, Any]) -> bool:
    """Every page is: what counts over all of them shows the last that was edited."""
    if user.is_active and user.is_superuser:
        return True
    grants = policy_registry.get_by_type(Page).get_cached_permissions_for_user(user)
    own = tuple(grant.page.path for grant in grants)
    return all(path.startswith(own) for path in Page.objects.filter(depth=2).values_list("path", flat=True))


def chooses_pages(user: Any, arguments: Mapping[str, Any]) -> bool:
    """They write something that may lead to any page: pages, menus, promotions. Whoever packs parcels does not."""
    writing = (f".{verb}_" in right for verb in ARRANGES for right in user.get_all_permissions())
    return has_pages(user, arguments) or any(writing)


def arranges_workflows(user: Any, arguments: Mapping[str, Any]) -> bool:
    return any(policy_registry.get_by_type(model).user_has_any_permission(user, ARRANGES) for model in (Workflow, Task))


def _page(key: int) -> Page:
    """Raises Http404, also for a number that no key can be."""
    try:
        return get_object_or_404(Page, pk=key).specific_deferred
    except OverflowError as error:
        raise Http404 from error


RULES: dict[str, Rule] = {
    "wagtailadmin_pages:move_confirm": may_move,
    "wagtailadmin_pages:workflow_action": may_edit,
    "wagtailadmin_pages:collect_workflow_action_data": may_edit,
    "wagtailadmin_pages:confirm_workflow_cancellation": may_edit,
    "wagtailadmin_pages:workflow_preview": may_edit,
    "wagtailadmin_choose_page": chooses_pages,
    "wagtailadmin_choose_page_child": chooses_pages,
    "wagtailadmin_choose_page_search": chooses_pages,
    "wagtailadmin_choose_page_chosen_multiple": chooses_pages,
    "wagtailadmin_reports:site_history": has_pages,
    "wagtailadmin_reports:site_history_results": has_pages,
    "wagtailadmin_reports:page_types_usage": has_all_pages,
    "wagtailadmin_reports:page_types_usage_results": has_all_pages,
    "wagtailadmin_workflows:task_chooser": arranges_workflows,
    "wagtailadmin_workflows:task_chooser_results": arranges_workflows,
    "wagtailadmin_workflows:task_chooser_create": arranges_workflows,
    "wagtailadmin_workflows:task_chosen": arranges_workflows,
    "products:index": has_pages,
    "products:index_results": has_pages,
    "products:choose_parent": has_pages,
}
