"""Fetching one picture from an address that somebody else has chosen.

The address may point at anything, so nothing but a public address is ever connected to: the name is resolved once,
every answer is checked, and the connection goes to the address that was checked (a name that answers differently the
second time gains nothing). Redirects are followed by the same rules. Tests hand in their own ``Network``.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.conf import settings

# Seconds: for each connection and each read, and for one picture in all.
TIMEOUT = 10.0
DEADLINE = 40.0
REDIRECTS_MOST = 3
PORTS = {"http": 80, "https": 443}
ALLOWED_PORTS = frozenset({80, 443, 8080, 8443})
CHUNK = 64 * 1024
# IPv6 ranges that stand for IPv4 addresses: NAT64 and 6to4, whose IPv4 address is what counts.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PictureError(Exception):
    """A picture cannot be had; the message says why. ``temporary`` where trying again later may help."""

    def __init__(self, message: str, *, temporary: bool = False) -> None:
        super().__init__(message)
        self.temporary = temporary


def _resolve(host: str, port: int) -> list[str]:
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _connect(address: str, port: int, timeout: float) -> socket.socket:
    return socket.create_connection((address, port), timeout)


@dataclass(frozen=True, slots=True)
class Network:
    """How names become addresses, and addresses connections."""

    resolve: Callable[[str, int], list[str]] = _resolve
    connect: Callable[[str, int, float], Any] = _connect
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


def fetch(address: str, network: Network | None = None) -> bytes:
    """The bytes at an ``http`` or ``https`` address, at most as many as an upload may have. Raises PictureError."""
    network, ends = network or Network(), monotonic() + DEADLINE
    for _ in range(REDIRECTS_MOST + 1):
        target = _checked(address)
        try:
            data, moved = _ask(target, network, ends)
        except (OSError, http.client.HTTPException) as error:
            raise PictureError(
                f"{target.hostname} did not answer: {error or type(error).__name__}.", temporary=True
            ) from error
        if not moved:
            return data
        address = urljoin(address, moved)
    raise PictureError(f"More than {REDIRECTS_MOST} redirects.")


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


def _checked(address: str) -> SplitResult:
    """The parts of an address that may be asked. Raises PictureError."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise PictureError("This is not an address.") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise PictureError("Only http:// and https:// addresses are fetched.")
    if parts.username is not None or parts.password is not None:
        raise PictureError("An address with a user name in it is not fetched.")
    if port not in ALLOWED_PORTS:
        raise PictureError(f"Port {port} is not one that pictures are served from.")
    return parts


def _ask(target: SplitResult, network: Network, ends: float) -> tuple[bytes, str]:
    """The answer's bytes, or empty and where it has moved to."""
    host, port = str(target.hostname), target.port or PORTS[target.scheme]
    try:
        ascii_host = host.encode("idna").decode() if not host.isascii() else host
        found = network.resolve(ascii_host, port)
    except (OSError, UnicodeError):
        raise PictureError(f"There is no server called {host}.", temporary=True) from None
    if not found or not all(map(is_public, found)):
        raise PictureError(f"{host} is not a public address.")
    connection = _Pinned(ascii_host, port, found[0], network, secure=target.scheme == "https")
    try:
        path = quote(target.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = "?" + quote(target.query, safe="/%:@!$&'()*+,;=~-._?") if target.query else ""
        connection.request("GET", path + query, headers={"Accept": "image/*", "User-Agent": "Cornhill"})
        answer = connection.getresponse()
        if answer.status in (301, 302, 303, 307, 308):
            if moved := answer.headers.get("Location"):
                return b"", moved
            raise PictureError(f"{host} says that the picture has moved, but not where.")
        if answer.status != 200:
            raise PictureError(f"{host} answered {answer.status}.", temporary=answer.status >= 500)
        return _read(answer, ends), ""
    finally:
        connection.close()


def _read(answer: http.client.HTTPResponse, ends: float) -> bytes:
    limit: int = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    kind = answer.headers.get_content_type()
    if not kind.startswith("image/") and kind not in ("application/octet-stream", "binary/octet-stream"):
        raise PictureError(f"The answer is not a picture but {kind}.")
    if "svg" in kind:
        raise PictureError("SVG drawings are not taken: they may contain scripts.")
    length = answer.headers.get("Content-Length", "")
    data = b""
    while len(data) <= limit and not (length.isdigit() and int(length) > limit):
        if monotonic() > ends:
            raise PictureError("The picture took too long to arrive.", temporary=True)
        chunk = answer.read1(CHUNK)
        if not chunk:
            return data
        data += chunk
    raise PictureError(f"The picture is larger than {limit // 1024**2} MB.")


class _Pinned(http.client.HTTPConnection):
    """A connection to one checked address, in the name of a host."""

    def __init__(self, host: str, port: int, address: str, network: Network, *, secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._address, self._network, self._secure = address, network, secure
        self.default_port = PORTS["https" if secure else "http"]

    def connect(self) -> None:
        self.sock = self._network.connect(self._address, self.port, TIMEOUT)
        if self._secure:
            self.sock = self._network.tls.wrap_socket(self.sock, server_hostname=self.host)
