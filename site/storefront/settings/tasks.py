"""Background work.

``TASKS=immediate`` (default) runs a task in the process that enqueues it; ``TASKS=database`` queues it for
``make worker``.
"""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from storefront.settings.env import env

TASK_BACKENDS = {
    "immediate": "django_tasks.backends.immediate.ImmediateBackend",
    "database": "django_tasks_db.DatabaseBackend",
}

TASKS_MODE = env.str("TASKS", default="immediate")
if TASKS_MODE not in TASK_BACKENDS:
    raise ImproperlyConfigured(f"TASKS is {TASKS_MODE!r}: set it to one of {', '.join(sorted(TASK_BACKENDS))}.")

TASKS: dict[str, dict[str, Any]] = {"default": {"BACKEND": TASK_BACKENDS[TASKS_MODE], "QUEUES": ["default", "wagtail"]}}

# Management commands that have to run again and again, and the seconds between two runs. ``make demo`` and the worker
# run them; without either, cron does (``manage.py run_scheduled`` every minute).
_MINUTE = 60
_DAY = 24 * 3600
PERIODIC_COMMANDS: dict[str, int] = {
    "publish_scheduled": _MINUTE,
    # What a crash, a buyer or an unreachable service has left half done.
    "resume_imports": 5 * _MINUTE,
    "reconcile_payments": _MINUTE // 2,
    "expire_payments": _MINUTE // 2,
    "send_pending_mail": 5 * _MINUTE,
    "send_stock_alerts": 5 * _MINUTE,
    "tidy_catalogue": 10 * _MINUTE,
    "refresh_popularity": 60 * _MINUTE,
    "build_feeds": 60 * _MINUTE,
    "rebuild_search": _DAY,
    "prune_search_log": _DAY,
    "prune_traces": _DAY,
    "invite_reviewers": 60 * _MINUTE,
    "clearsessions": _DAY,
}
if TASKS_MODE == "database":
    PERIODIC_COMMANDS["prune_db_task_results --queue-name=*"] = _DAY
