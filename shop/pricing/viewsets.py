"""Price proposals and thresholds in the admin."""

from typing import Any

from django.db.models import Count, QuerySet
from wagtail.admin.ui.tables import Column, DateColumn, UserColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.views.snippets import IndexView, InspectView, SnippetViewSet

from shop.pricing.comparison import comparison
from shop.pricing.models import PriceProposal, PriceThreshold
from shop.pricing.proposal_views import ProposeView
from shop.pricing.proposing import refusal


class ApplyMenuItem(ActionMenuItem):
    """Stands where other content is published."""

    name = "action-publish"
    label = "Apply these prices"
    icon_name = "check"

    def is_shown(self, context: Any) -> bool:
        return context["view"] == "edit" and super().is_shown(context)


def arrange_actions(menu_items: list[Any], request: Any, context: Any) -> None:
    """Hook on the proposal's buttons: applying is offered to those who may, and undone by nobody."""
    if context.get("model") is not PriceProposal:
        return
    menu_items[:] = [item for item in menu_items if item.name not in ("action-publish", "action-unpublish")]
    proposal = context.get("instance")
    if proposal and not refusal(proposal=proposal, user=request.user):
        menu_items.append(ApplyMenuItem(order=5))


class ProposalIndexView(IndexView):
    """With the number of prices in each."""

    def get_base_queryset(self) -> QuerySet[PriceProposal]:
        proposals: QuerySet[PriceProposal] = super().get_base_queryset()
        return proposals.select_related("created_by").annotate(count=Count("lines"))


class ProposalInspectView(InspectView):
    """For those who may look but not change."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        page = self.request.GET.get("lines")
        return context | comparison(proposal=self.object, user=self.request.user, page=page)

    def get_fields(self) -> list[str]:
        return ["title", "valid_from", "valid_to", "created_by", "applied_at", "applied_by"]


class PriceProposalViewSet(SnippetViewSet):
    """A proposal is made from a product's screen or a file, weighed, approved, applied; then it is history."""

    model = PriceProposal
    icon = "tag"
    menu_label = "Price proposals"
    menu_name = "price-proposals"
    menu_order = 225
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = ProposalIndexView
    inspect_view_class = ProposalInspectView
    inspect_template_name = "admin/pricing/proposal_inspect.html"
    list_display = [
        "title",
        Column("count", label="Prices"),
        DateColumn("valid_from", label="From"),
        UserColumn("created_by", label="Proposed by"),
        Column("status_string", label="State"),
        DateColumn("applied_at", label="Applied"),
    ]
    list_filter = ["created_by"]
    ordering = ["-pk"]

    @property
    def add_view(self) -> Any:
        return ProposeView.as_view()


class PriceThresholdViewSet(ModelViewSet):
    """How far each group may go."""

    model = PriceThreshold
    icon = "decimal"
    menu_label = "Price thresholds"
    name = "price_thresholds"
    menu_order = 800
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    form_fields = ["group", "percent", "approves"]
    list_display = ["group", "percent", "approves"]
