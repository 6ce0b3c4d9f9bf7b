"""Two questions that whoever runs the site asks: is the process alive, and can it serve?

``/health/`` touches nothing: a process that answers is alive, whatever its database does. ``/ready/`` asks the
database, the cache and the migrations, and names what is missing. Both are answered before any other middleware, so
that neither a Host header nor a redirect to HTTPS, a session or a cookie comes between.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

HEALTH_PATH = "/health/"
READY_PATH = "/ready/"
OK = "ok"

logger = logging.getLogger(__name__)


class Unready(Exception):
    """Something that serving needs is missing; the message says what, without names of machines."""


class ProbeMiddleware:
    """Answers the two addresses and passes everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = {HEALTH_PATH: health, READY_PATH: ready}.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        response = answer() if request.method in ("GET", "HEAD") else HttpResponse(status=405)
        response["Cache-Control"] = "no-store"
        return response


def health() -> HttpResponse:
    """200 as long as the process runs."""
    return JsonResponse({"status": OK})


def ready() -> HttpResponse:
    """200 where everything that serving needs is there, else 503; the JSON names each part."""
    parts = {name: state(check) for name, check in CHECKS.items()}
    is_ready = all(found == OK for found in parts.values())
    return JsonResponse({"status": OK if is_ready else "unavailable", **parts}, status=200 if is_ready else 503)


def state(check: Callable[[], None]) -> str:
    try:
        check()
    except Unready as problem:
        return str(problem)
    except Exception:
        # The text may name hosts and users: for the log, not for whoever asks.
        logger.warning("Readiness: %s failed", check.__name__, exc_info=True)
        return "unavailable"
    return OK


def database() -> None:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")


def cache() -> None:
    caches["default"].set("ready", OK, timeout=10)
    if caches["default"].get("ready") != OK:
        raise Unready("does not keep what it is given")


class Migrations:
    """Asks until nothing is missing, then remembers: this process's code will not get more migrations."""

    __name__ = "migrations"

    def __init__(self) -> None:
        self.complete = False

    def __call__(self) -> None:
        if self.complete:
            return
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        plan: list[Any] = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in plan[:3])
            raise Unready(f"{len(plan)} to apply ({names}{', ...' if len(plan) > 3 else ''}): run manage.py migrate")
        self.complete = True


migrations = Migrations()
CHECKS: dict[str, Callable[[], None]] = {"database": database, "cache": cache, "migrations": migrations}
