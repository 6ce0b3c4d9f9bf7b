"""An id for every request, on every log line and in the answer, and one log line per request."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.encoding import escape_uri_path
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

HEADER = "X-Request-ID"
NO_REQUEST = "-"
OK = 200
# Parameters of addresses that open something: an order, a new password, an account.
SECRET_PARAMETERS = frozenset({"token", "key"})
# Asked every few seconds by whatever watches the process; worth a line only when the answer is bad.
QUIET_WHEN_OK = ("/health/", "/ready/")
# What a proxy in front may hand down. Anything else could forge log lines, so it is replaced.
ACCEPTED_ID = re.compile(r"[A-Za-z0-9_.:+/=-]{8,128}")

_request_id: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)
logger = logging.getLogger("storefront.requests")


def current_request_id() -> str:
    """The id of the request that this thread is answering, or ``-`` outside one."""
    return _request_id.get()


class RequestIdMiddleware:
    """Takes the id that a proxy gave, else makes one. Reads neither user nor session. Belongs first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        request_id = given if ACCEPTED_ID.fullmatch(given) else uuid.uuid4().hex
        token = _request_id.set(request_id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response[HEADER] = request_id
            if settings.LOG_REQUESTS and not (request.path_info in QUIET_WHEN_OK and response.status_code == OK):
                log_request(request, response.status_code, time.perf_counter() - started)
            return response
        finally:
            _request_id.reset(token)


def log_request(request: HttpRequest, status: int, seconds: float) -> None:
    """One line: method, address, status, milliseconds. Neither query string nor token: both can be personal."""
    logger.info(
        "%s %s %d",
        request.method,
        loggable_path(request),
        status,
        extra={"status": status, "duration_ms": round(seconds * 1000, 1)},
    )


def loggable_path(request: HttpRequest) -> str:
    """The address as it was sent, or its pattern where a part of it may be a secret (a link to an order)."""
    match = request.resolver_match or _match_with_slash(request.path_info)
    if match is not None and not SECRET_PARAMETERS.isdisjoint(match.kwargs):
        return f"/{match.route}"
    # Escaped, so that no line break in it can forge a line of the log.
    return escape_uri_path(request.path)


def _match_with_slash(path: str) -> ResolverMatch | None:
    """What the address would lead to with a slash at its end: a link that lost its slash is as secret as before."""
    try:
        return resolve(path if path.endswith("/") else f"{path}/")
    except Resolver404:
        return None


class RequestIdFilter(logging.Filter):
    """Puts ``request_id`` on every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _request_id.get()
        return True


class SecretLinkFilter(logging.Filter):
    """Django's own records of refused requests name the address: secret links are replaced by their pattern."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            shown = loggable_path(request)
            if shown != request.path:
                record.args = tuple(
                    arg.replace(request.path, shown) if isinstance(arg, str) else arg for arg in record.args
                )
        return True


class JsonLogFormatter(JsonFormatter):
    """One JSON object per line: time (UTC, ISO 8601), level, logger, message, request_id and what the call added."""

    def __init__(self) -> None:
        super().__init__(
            fmt=["levelname", "name", "message", "request_id"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
            # Django adds the request and its socket to some records: neither is readable, both may be personal.
            reserved_attrs=[*RESERVED_ATTRS, "request", "server_time"],
            timestamp="time",
            json_ensure_ascii=False,
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Put the time first, where a person looks."""
        log_data = super().process_log_record(log_data)
        return {"time": log_data.pop("time", None), **log_data}
