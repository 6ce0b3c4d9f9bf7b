"""Who may change what of tax."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class KeptPermissionPolicy(ModelPermissionPolicy):
    """What can be given to groups: all but ``refused``, not even to administrators."""

    def __init__(self, model: Any, *, refused: set[str]) -> None:
        super().__init__(model)
        self.refused = refused

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in self.refused and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, set(actions) - self.refused)
