"""How gunicorn serves the site. Start it in this folder with ``gunicorn``; bin/serve does, after the checks."""

import os
from pathlib import Path

# Measured on two cores: threads overlap the waiting for PostgreSQL, processes use the cores, and loading the site once
# before forking shares its memory.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
preload_app = True

bind = os.environ.get("BIND", "127.0.0.1:8000")
pythonpath = str(Path(__file__).resolve().parent / "site")
wsgi_app = "storefront.wsgi:application"

# Seconds. A worker that is silent for `timeout` is replaced; one that is told to stop gets `graceful_timeout` for the
# requests it has begun. Connections from a proxy are kept a little longer than proxies usually keep them.
timeout = 60
graceful_timeout = 30
keepalive = 75
# Seconds that a new worker may prepare itself before it takes requests, well below `timeout`.
PREPARE_MOST = 20
# Replaced now and then, so that a slow leak in any library never matters; spread, so that not all go at once.
max_requests = 20_000
max_requests_jitter = 2_000

# Long search links are fine, endless ones are not (bytes).
limit_request_line = 8190
# Workers say that they are alive by touching a file: memory does not wait for a disk, and needs no writable folder.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  (not a place for our own files)
# No second way to steer the server than signals.
control_socket_disable = True

# The site writes one line per request itself, with the request's id (storefront/requests.py).
accesslog = None
errorlog = "-"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": ["levelname", "name", "message"],
            "rename_fields": {"levelname": "level", "name": "logger", "exc_info": "exception"},
            "timestamp": "time",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "INFO", "propagate": False},
    },
}


def post_fork(server: object, worker: object) -> None:
    """Whatever the site opened while it was loaded belongs to the parent process."""
    from django.core.cache import caches
    from django.db import connections

    connections.close_all()
    caches.close_all()


def post_worker_init(worker: object) -> None:
    """The index of facets is ready before the worker takes its first request, which had to wait for it otherwise."""
    from shop.catalog.facets.index import warm

    warm(wait=PREPARE_MOST)
