"""Who may do what with orders: a right for each thing to do, given to groups. Shop managers have all of them."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

# Name of the right (its codename is "<name>_order") and what an administrator reads beside it. "view" is Django's own.
RIGHTS = {
    "note": "Can write notes on orders",
    "release": "Can release orders that are held to be looked at",
    "mail": "Can send an order's letters again",
    "fulfil": "Can send orders and print packing slips",
    "return": "Can register returns and take units off an order",
    "settle": "Can record payments by hand",
    "cancel": "Can cancel orders",
    "refund": "Can give money back",
    "export": "Can export orders",
}


class OrderPermissionPolicy(ModelPermissionPolicy):
    """The rights above and seeing; adding, changing and deleting as such belong to nobody, not to administrators."""

    NEVER = frozenset({"add", "change", "delete"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in self.NEVER and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, set(actions) - self.NEVER)


def may(user: Any, right: str) -> bool:
    """Whether somebody has a right on orders. Without the right to see them, no other right counts."""
    return bool(user.has_perm("orders.view_order") and user.has_perm(f"orders.{right}_order"))
