"""Logs go to standard error, one line each: JSON for machines, short text for people. ``LOG_FORMAT`` and ``LOG_LEVEL``.

Every line of a request carries its id, which the visitor also gets (X-Request-ID).
"""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from storefront.settings.env import env

LOG_FORMATS = ("json", "text")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def logging_config(default_format: str) -> dict[str, Any]:
    """The ``LOGGING`` of an environment. Raises ImproperlyConfigured for a format or level that does not exist."""
    chosen = env.str("LOG_FORMAT", default=default_format)
    level = env.str("LOG_LEVEL", default="INFO").upper()
    if chosen not in LOG_FORMATS:
        raise ImproperlyConfigured(f"LOG_FORMAT is {chosen!r}: set it to one of {', '.join(LOG_FORMATS)}.")
    if level not in LOG_LEVELS:
        raise ImproperlyConfigured(f"LOG_LEVEL is {level!r}: set it to one of {', '.join(LOG_LEVELS)}.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "storefront.requests.RequestIdFilter"},
            "secret_links": {"()": "storefront.requests.SecretLinkFilter"},
        },
        "formatters": {
            "json": {"()": "storefront.requests.JsonLogFormatter"},
            "text": {
                "format": "{asctime} {levelname:<7} {name}: {message} [{request_id}]",
                "style": "{",
                "datefmt": "%H:%M:%S",
            },
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": chosen,
                "filters": ["request_id", "secret_links"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django brings handlers of its own for these; the root's is enough.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"level": "INFO"},
            # Every scanner on the internet asks for hosts that are not ours.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }
