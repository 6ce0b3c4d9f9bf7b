"""Ending sessions: of somebody who logs out everywhere, of people who are no longer there."""

import secrets
from collections.abc import Collection, Mapping
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from shop.accounts.models import User

BATCH = 500


def end_others(*, request: HttpRequest, user: User) -> None:
    """Log somebody out everywhere but in the browser of this request, at once."""
    user.login_round = secrets.token_hex(16)
    user.save(update_fields=["login_round"])
    update_session_auth_hash(request, user)


def end_all(*, user_id: int, marks: Collection[str]) -> int:
    """Delete the sessions of an account, and visitors' in which one of its marks is; gives how many.

    Looks at every session that is stored, for the account's is only inside.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = 0
    for session in Session.objects.order_by("pk").iterator(chunk_size=BATCH):
        if _is_about(session.get_decoded(), user_id, marks):
            # The engine's own way: from its cache as well.
            store(session.session_key).delete()
            ended += 1
    return ended


def _is_about(data: Mapping[str, Any], user_id: int, marks: Collection[str]) -> bool:
    if data.get(SESSION_KEY) == str(user_id):
        return True
    words = str(data).lower()
    return any(mark in words for mark in marks)
