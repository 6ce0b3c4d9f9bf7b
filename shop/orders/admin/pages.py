"""One order in the admin, and the pages that lead on from it. Thin: services decide."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button, HeaderButton

from shop.accounts.models import User
from shop.orders import mail
from shop.orders.actions import ActionRefused, OrderAction, OrderForm, registry
from shop.orders.admin.forms import ActionForm, ReturnStepForm, UndoForm
from shop.orders.downloads import downloads_of
from shop.orders.links import order_path
from shop.orders.locks import lock_order
from shop.orders.models import DocumentKind, Fulfilment, Order, OrderEvent, OrderMail, Return
from shop.orders.payment_source import registry as payments
from shop.orders.permissions import may
from shop.orders.postal import country_name
from shop.orders.selectors import tax_summary
from shop.orders.statuses import OrderRefused, Status


def order_admin_url(order: Order) -> str:
    """Address of the order's page in the admin."""
    return reverse("order:inspect", args=[order.pk])


class OrderDetailView(generic.InspectView):
    """One order with everything known of it. A posted ``action`` of those that ask for no more than a note is run."""

    any_permission_required = ["view"]
    template_name = "orders/admin/order_detail.html"
    page_title = "Order"
    form: ActionForm | None = None

    @cached_property
    def actions(self) -> list[OrderAction]:
        """What this member of staff may do with the order now."""
        return registry.offered(self.object, self.request.user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (isinstance(request.user, User) and self.actions):
            raise PermissionDenied
        self.form = ActionForm(request.POST, order=self.object, actions=self.actions)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        try:
            message = registry.run(
                self.form.cleaned_data["action"],
                order=self.object,
                actor=request.user,
                note=self.form.cleaned_data["note"],
            )
        except ActionRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, message)
        return redirect(request.path)

    @cached_property
    def header_buttons(self) -> list[Any]:
        """The papers, for those who pack; the invoice for everybody who sees the order."""
        buttons = []
        if self.object.documents.filter(kind=DocumentKind.INVOICE).exists():
            url = reverse("order:invoice", args=[self.object.pk])
            buttons.append(HeaderButton("Invoice", url=url, icon_name="doc-full", priority=20))
        if self.object.needs_delivery and may(self.request.user, "fulfil"):
            url = reverse("order:slip", args=[self.object.pk])
            buttons.append(HeaderButton("Packing slip", url=url, icon_name="clipboard-list", priority=10))
        return buttons

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [Button("See what the buyer sees", url=order_path(order=self.object), icon_name="view", priority=10)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order: Order = self.object
        form = self.form or ActionForm(order=order, actions=self.actions)
        shown = [action for action in self.actions if action.code != "note"]
        context: dict[str, Any] = super().get_context_data(
            order=order,
            lines=order.lines.prefetch_related("components"),
            taxes=tax_summary(order),
            events=order.events.select_related("actor"),
            letters=order.mails.select_related("order"),
            shipments=order.fulfilments.select_related("created_by").prefetch_related("lines__line"),
            returns=order.returns.prefetch_related("lines__line"),
            documents=order.documents.all(),
            downloads=downloads_of(order=order),
            payment=payments.payment_of(order),
            country=country_name(order.country),
            buyer_url=order_path(order=order),
            form=form,
            actions=self.actions,
            shown_actions=shown,
            chosen=form["action"].value() if form.is_bound else "",
            may={right: may(self.request.user, right) for right in ("note", "fulfil", "return", "mail")},
            is_final=order.status in (Status.CANCELLED, Status.PAYMENT_FAILED),
            note_kind=OrderEvent.Kind.NOTE,
            **kwargs,
        )
        return context

    def get_page_subtitle(self) -> str:
        return str(self.object.number)

    def get_fields(self) -> list[str]:
        """The page shows them itself."""
        return []


class OrderPage(WagtailAdminTemplateMixin, TemplateView):
    """A page that belongs to one order, for those who have ``right``."""

    right = "view"
    header_icon = "clipboard-list"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (isinstance(request.user, User) and self.is_allowed(request.user)):
            raise PermissionDenied
        self.user = request.user
        self.order = get_object_or_404(Order, pk=kwargs["pk"])
        self.load(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def is_allowed(self, user: User) -> bool:
        """Whether somebody may open the page."""
        return may(user, self.right)

    def load(self, **kwargs: Any) -> None:
        """Find what the address names beside the order. Raises Http404."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def back(self) -> HttpResponse:
        """To the order's page."""
        return redirect(order_admin_url(self.order))

    def ran(self, form: Any) -> HttpResponse:
        """The order's page after a form did what it says, or the form again with what is wrong."""
        if form.is_valid():
            try:
                messages.success(self.request, form.run(actor=self.user))
            except (OrderRefused, ActionRefused) as refused:
                form.add_error(None, str(refused))
            else:
                return self.back()
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_page_subtitle(self) -> str:
        return str(self.order.number)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("order:index"), "label": "Orders"},
            {"url": order_admin_url(self.order), "label": self.order.number},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {"order": self.order, "back_url": order_admin_url(self.order), **context}


class ActionView(OrderPage):
    """The page of an action that asks for more than a note."""

    template_name = "orders/admin/action.html"

    def load(self, **kwargs: Any) -> None:
        found = next((each for each in registry.all() if each.code == kwargs["code"] and each.form), None)
        if found is None:
            raise Http404
        if not may(self.user, found.permission):
            raise PermissionDenied
        self.action = found.named_for(self.order)

    def get_page_title(self) -> str:
        return self.action.label

    def _form(self, data: Any = None) -> OrderForm:
        initial = {name: value for name, value in self.request.GET.items() if "\x00" not in value}
        return registry.form(self.action.code, order=self.order, actor=self.user, data=data, initial=initial)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return self.render_to_response(self.get_context_data(form=self._form()))
        except ActionRefused as refused:
            messages.error(request, str(refused))
            return self.back()

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Locked before the form is read: of two that are sent at once, the second finds what the first has done.
        self.order = lock_order(order_id=self.order.pk)
        try:
            form = self._form(request.POST)
        except ActionRefused as refused:
            messages.error(request, str(refused))
            return self.back()
        return self.ran(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(action=self.action, **kwargs)


class ShipmentUndoView(OrderPage):
    """A shipment was a mistake."""

    right = "fulfil"
    template_name = "orders/admin/shipment_undo.html"

    def load(self, **kwargs: Any) -> None:
        self.shipment = get_object_or_404(Fulfilment, pk=kwargs["shipment"], order=self.order, cancelled_at=None)

    def get_page_title(self) -> str:
        return f"Undo {str(self.shipment).lower()}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.ran(UndoForm(request.POST, shipment=self.shipment))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letter = self.order.mails.filter(kind=OrderMail.Kind.SHIPPED, key=self.shipment.letter_key).first()
        kwargs.setdefault("form", UndoForm(shipment=self.shipment))
        return super().get_context_data(shipment=self.shipment, letter=letter, **kwargs)


class ReturnView(OrderPage):
    """One return: what it is, and what can be done about it."""

    right = "return"
    template_name = "orders/admin/return.html"

    def load(self, **kwargs: Any) -> None:
        self.returned = get_object_or_404(Return, pk=kwargs["returned"], order=self.order)

    def get_page_title(self) -> str:
        return str(self.returned)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.ran(ReturnStepForm(request.POST, returned=self.returned))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ReturnStepForm(returned=self.returned))
        refund = next((each for each in registry.offered(self.order, self.user) if each.code == "refund"), None)
        return super().get_context_data(returned=self.returned, refund=refund, **kwargs)


class LetterView(OrderPage):
    """A letter as the buyer sees it now."""

    right = "mail"
    template_name = "orders/admin/letter.html"

    def load(self, **kwargs: Any) -> None:
        self.letter = get_object_or_404(OrderMail, pk=kwargs["letter"], order=self.order)

    def get_page_title(self) -> str:
        return self.letter.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            message = mail.compose(order=self.order, kind=self.letter.kind, key=self.letter.key)
        except mail.LetterOutdated as outdated:
            return super().get_context_data(letter=self.letter, problem=str(outdated), **kwargs)
        html = str(message.alternatives[0][0])
        return super().get_context_data(letter=self.letter, message=message, html=html, **kwargs)
