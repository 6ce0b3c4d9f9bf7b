"""Who asks."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from shop.accounts.models import User


def account_of(request: HttpRequest) -> User:
    """Whose request it is, in a view that asks for a login. Raises PermissionDenied for a visitor."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
