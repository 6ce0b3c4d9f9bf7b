"""What Wagtail leaves open in its admin, closed at the door.

Its choosers and its bulk actions show the names of all snippets to everybody who enters the admin: who reviewed what,
which prices are proposed, what shoppers searched for. Here they are for those who may do something with such snippets;
whatever shows titles of pages is for those whom ``page_guards.py`` names. And a chooser that is asked for what no key
can be answers 404, where it failed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import ResolverMatch
from wagtail.admin.auth import permission_denied
from wagtail.models import Page, WorkflowMixin
from wagtail.permissions import policy_registry
from wagtail.snippets.models import get_snippet_models

from storefront.page_guards import RULES, is_allowed

# As Wagtail names their addresses; a test holds both.
CHOOSER = "wagtailsnippetchoosers_"
BULK = "wagtail_bulk_action"
SNIPPET = "wagtailsnippets_"
APPROVING = (
    "workflow_action",
    "collect_workflow_action_data",
    "confirm_workflow_cancellation",
    "workflow_preview",
)
CHOSEN = ("chosen", "chosen_multiple", "wagtailadmin_choose_page_chosen_multiple")
BIGGEST_KEY = 2**63 - 1
RIGHTS = {"add", "change", "delete", "view", "publish"}


class AdminGuardMiddleware:
    """Looks at the requests that have a rule only. Belongs behind the one that knows the user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """None lets the view answer. Raises Http404."""
        match = request.resolver_match
        if match is None or not has_rule(match):
            return None  # pages of the shop, above all: nobody asks there who is looking
        if not request.user.has_perm("wagtailadmin.access_admin"):
            return None  # the view asks for a login
        if match.url_name in CHOSEN:
            refuse_impossible_keys(view, [kwargs["pk"]] if "pk" in kwargs else request.GET.getlist("id"))
        model = snippet_of(match)
        is_theirs = model is None or has_to_do_with(request.user, model, kwargs)
        if is_theirs and is_allowed(match.view_name, request.user, kwargs):
            return None
        refusal: HttpResponseBase = permission_denied(request)
        return refusal


def has_rule(match: ResolverMatch) -> bool:
    """Whether anything is asked here."""
    if match.namespace.startswith(SNIPPET):
        return match.url_name in APPROVING
    return match.url_name in (*CHOSEN, BULK) or match.view_name in RULES or is_snippet_chooser(match)


def has_to_do_with(user: Any, model: type[Model], arguments: Mapping[str, Any]) -> bool:
    """Whether somebody has a right to a kind of snippet, or is asked to approve this one."""
    if policy_registry.get_by_type(model).user_has_any_permission(user, RIGHTS):
        return True
    if not issubclass(model, WorkflowMixin) or ("task_state_id" not in arguments and "task_id" not in arguments):
        return False
    snippet = model._default_manager.filter(pk=arguments["pk"]).first()
    task = snippet.current_workflow_task if isinstance(snippet, WorkflowMixin) else None
    return bool(task and task.user_can_access_editor(snippet, user))


def is_snippet_chooser(match: ResolverMatch) -> bool:
    """Whether it is any page of a chooser of snippets."""
    return match.namespace.startswith(CHOOSER)


def snippet_of(match: ResolverMatch) -> type[Model] | None:
    """The kind of snippet that an address is about: of its chooser, its workflow, or a bulk action."""
    named = (match.kwargs.get("app_label"), match.kwargs.get("model_name"))
    for model in get_snippet_models():
        own = (model._meta.app_label, model._meta.model_name)
        name = f"{own[0]}_{own[1]}"
        if named == own or match.namespace in (CHOOSER + name, SNIPPET + name):
            found: type[Model] = model
            return found
    return None


def refuse_impossible_keys(view: Any, keys: list[Any]) -> None:
    """Raises Http404 for a key that a row of the view's model (pages, where it names none) cannot have."""
    model = getattr(view.view_class(**view.view_initkwargs), "model_class", None) or Page
    try:
        found = [model._meta.pk.to_python(key) for key in keys]
    except ValidationError as error:
        raise Http404 from error
    if any(isinstance(key, int) and abs(key) > BIGGEST_KEY for key in found):
        raise Http404
