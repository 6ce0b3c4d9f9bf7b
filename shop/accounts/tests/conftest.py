"""What the tests of accounts start from."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from shop.accounts.models import User
from shop.accounts.services import vouch_for_address
from shop.accounts.tests.factories import UserFactory


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for the end of the transaction happens at once: a test's own transaction never ends."""

    def run(act: Callable[[], Any], using: Any = None, robust: bool = False) -> None:
        act()

    monkeypatch.setattr(transaction, "on_commit", run)


@pytest.fixture
def ann(db: None) -> User:
    """Somebody with an account, whose address is confirmed."""
    user = UserFactory(email="ann@example.com")
    vouch_for_address(user=user)
    return user
