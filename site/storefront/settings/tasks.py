"""Background work.

``TASKS=immediate`` (default) runs a task in the process that enqueues it; ``TASKS=database`` queues it for
``make worker``.
"""

from typing import Any

from storefront.settings.env import env

TASK_BACKENDS = {
    "immediate": "django_tasks.backends.immediate.ImmediateBackend",
    "database": "django_tasks_db.DatabaseBackend",
}

TASKS_MODE = env.str("TASKS", default="immediate")
if TASKS_MODE not in TASK_BACKENDS:
    raise ValueError(f"TASKS is {TASKS_MODE!r}: set it to one of {', '.join(sorted(TASK_BACKENDS))}.")

TASKS: dict[str, dict[str, Any]] = {"default": {"BACKEND": TASK_BACKENDS[TASKS_MODE], "QUEUES": ["default", "wagtail"]}}
