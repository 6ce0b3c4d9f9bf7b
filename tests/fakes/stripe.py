"""Stripe over real HTTP on a port of its own: enough of its API for a shop, and everything that can go wrong with it.

``with FakeStripe() as stripe:`` starts it; ``stripe.url`` is for ``STRIPE_API_BASE``. Trouble is scripted with
``stripe.trouble`` and ``stripe.lose_events``; events wait in ``stripe.events`` until ``deliver`` sends them, signed as
Stripe signs, in any order and any number of times, or go at once where ``webhook_url`` is set.
"""

import hashlib
import hmac
import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.stripe_ledger import Ledger, Refused, Thing
from tests.fakes.stripe_page import SCRIPT

SECRET = "whsec_fake"
KEYS = {
    "STRIPE_SECRET_KEY": "sk_test_fake",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_fake",
    "STRIPE_WEBHOOK_SECRETS": [SECRET],
}


def sign(body: bytes, secret: str = SECRET, at: float | None = None) -> str:
    """The header ``Stripe-Signature`` of a message."""
    moment = int(at or time.time())
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def nested(pairs: list[tuple[str, str]]) -> Thing:
    """Stripe's way to write a form: ``metadata[order]=1`` becomes ``{"metadata": {"order": "1"}}``."""
    found: Thing = {}
    for name, value in pairs:
        outer, _, inner = name.rstrip("]").partition("[")
        if inner and not inner.isdigit():
            found.setdefault(outer, {})[inner] = value
        else:
            found[outer] = value
    return found


class Server(ThreadingHTTPServer):
    """Takes as many shops at once as a test lets loose."""

    daemon_threads = True
    request_queue_size = 256


class FakeStripe:
    """The server and the controls of a test."""

    def __init__(self, *, port: int = 0, webhook_url: str = "") -> None:
        self.webhook_url = webhook_url
        self.lose_events = False
        # What the next calls meet, one each: "500", "timeout", "reset" (done, but the answer is lost), or "" (nothing).
        self.trouble: deque[str] = deque()
        # Every call meets this, until it is emptied.
        self.outage = ""
        self.delay = 0.0
        self.events: list[Thing] = []
        self.calls: list[str] = []
        self.ledger = Ledger(emit=self._emit)
        handler = type("Handler", (Handler,), {"stripe": self})
        self.server = Server(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def settings(self) -> dict[str, Any]:
        """What the shop's settings are to be."""
        # A busy machine is no outage: only a test of time limits sets a short one.
        return {**KEYS, "STRIPE_API_BASE": self.url, "STRIPE_JS_URL": f"{self.url}/v3/", "STRIPE_TIMEOUT": 60}

    def _emit(self, event: Thing) -> None:
        # As it is now: an event is a picture of its moment.
        event = json.loads(json.dumps(event))
        self.events.append(event)
        if self.webhook_url and not self.lose_events:
            threading.Thread(target=self.deliver, args=(event,), daemon=True).start()

    def message(self, event: Thing, secret: str = SECRET) -> tuple[bytes, str]:
        """An event as it arrives: its body and its signature."""
        body = json.dumps(event).encode()
        return body, sign(body, secret)

    def deliver(self, event: Thing) -> int:
        """Send an event to ``webhook_url``; gives the shop's HTTP status."""
        body, signature = self.message(event)
        headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
        request = urllib.request.Request(self.webhook_url, data=body, headers=headers, method="POST")  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def buyer_pays(self, reference: str, card: str = "approves") -> None:
        """What the buyer does in the Payment Element, without a browser."""
        with self.ledger.lock:
            self.ledger.confirm(reference, card)


class Handler(BaseHTTPRequestHandler):
    """One connection. ``stripe`` is set on a subclass for each server."""

    stripe: FakeStripe
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/v3/":
            self._send(200, SCRIPT.encode(), "text/javascript")
        elif match := re.fullmatch(r"/v1/(payment_intents|refunds)/(\w+)", path):
            kind, name = match.groups()
            ledger = self.stripe.ledger
            self._api(lambda: ledger.intent(name) if kind == "payment_intents" else ledger.refunds[name])
        else:
            self._send_json(404, {"error": {"type": "invalid_request_error", "message": f"No such path: {path}"}})

    def do_OPTIONS(self) -> None:
        self._send(204, b"", "text/plain")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        params = nested(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
        path, ledger = urlsplit(self.path).path, self.stripe.ledger
        if path == "/v1/payment_intents":
            self._api(lambda: ledger.create_intent(params), params)
        elif path == "/v1/refunds":
            self._api(lambda: ledger.refund(params), params)
        elif match := re.fullmatch(r"/v1/payment_intents/(\w+)/(capture|cancel)", path):
            name = match[1]
            work = {"capture": ledger.capture, "cancel": ledger.cancel}[match[2]]
            self._api(lambda: work(name), params)
        elif path.startswith("/v3/confirm/"):
            # The buyer's browser, not the shop.
            with ledger.lock:
                self._answer(lambda: ledger.confirm(path.rpartition("/")[2], params.get("card", "approves")))
        else:
            self._send_json(404, {"error": {"type": "invalid_request_error", "message": f"No such path: {path}"}})

    def _api(self, work: Callable[[], Thing], params: Thing | None = None) -> None:
        """A call of the shop's: trouble first, then the answer that was remembered, then the work."""
        stripe = self.stripe
        with stripe.ledger.lock:
            stripe.calls.append(f"{self.command} {urlsplit(self.path).path}")
            trouble = stripe.outage or (stripe.trouble.popleft() if stripe.trouble else "")
        if stripe.delay:
            time.sleep(stripe.delay)
        if trouble == "500":
            self._send_json(500, {"error": {"type": "api_error", "message": "Something went wrong on our end."}})
            return
        if trouble == "timeout":
            time.sleep(3)
            self.close_connection = True
            return
        with stripe.ledger.lock:
            status, body, headers = self._once(work, params)
        if trouble == "reset":
            self.close_connection = True
            self.connection.close()
            return
        self._send_json(status, body, headers)

    def _once(self, work: Callable[[], Thing], params: Thing | None) -> tuple[int, Thing, dict[str, str]]:
        """Do it, unless it was done under the same idempotency key."""
        key = self.headers.get("Idempotency-Key", "") if self.command == "POST" else ""
        remembered = self.stripe.ledger.remembered
        if key in remembered:
            before, answer = remembered[key]
            if before != {"path": self.path, **(params or {})}:
                message = "Keys for idempotent requests can only be used with the same parameters."
                return 400, {"error": {"type": "idempotency_error", "message": message}}, {}
            return 200, answer, {"Idempotent-Replayed": "true"}
        try:
            answer = json.loads(json.dumps(work()))
        except Refused as refused:
            return refused.status, refused.body, {}
        if key:
            remembered[key] = ({"path": self.path, **(params or {})}, answer)
        return 200, answer, {}

    def _answer(self, work: Callable[[], Thing]) -> None:
        try:
            self._send_json(200, work())
        except Refused as refused:
            self._send_json(refused.status, refused.body)

    def _send_json(self, status: int, body: Thing, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body).encode(), "application/json", headers)

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "*")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
