"""Wires payments into the admin."""

from wagtail import hooks

from shop.payments.viewsets import MoneyViewSetGroup


@hooks.register("register_admin_viewset")
def register_payments() -> MoneyViewSetGroup:
    return MoneyViewSetGroup()
