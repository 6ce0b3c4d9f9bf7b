"""Files piece by piece: large ones fit into no memory, and a broken download goes on where it stopped (RFC 9110)."""

import re
from collections.abc import Iterator
from mimetypes import guess_type
from typing import IO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

CHUNK = 64 * 1024
# One range of bytes; several at once are answered with the whole file, as the standard allows.
_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")


class Unsatisfiable(ValueError):
    """The range begins behind the file's end."""


def wanted_range(request: HttpRequest, size: int) -> tuple[int, int] | None:
    """First and last byte that the request asks for, None for the whole file. Raises Unsatisfiable."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or "If-Range" in request.headers:  # nothing here that a condition could be compared with
        return None
    first, last, tail = found.groups()
    if tail is not None:
        if int(tail) == 0:
            raise Unsatisfiable
        return max(size - int(tail), 0), size - 1
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return start, end


def unsatisfiable(size: int) -> HttpResponse:
    """416, with the size that there is."""
    return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})


def stream(
    file: IO[bytes], *, name: str, size: int, part: tuple[int, int] | None, body: bool = True
) -> HttpResponseBase:
    """The file, or a part of it, to be saved under a name; without ``body`` only what HEAD asks for.

    Never shown in the page: a browser runs none of it.
    """
    start, end = part or (0, size - 1)
    status = 206 if part else 200
    content_type = guess_type(name)[0] or "application/octet-stream"
    response: HttpResponseBase
    if body:
        response = StreamingHttpResponse(
            _pieces(file, start, end - start + 1), status=status, content_type=content_type
        )
    else:
        file.close()
        response = HttpResponse(status=status, content_type=content_type)
    response["Content-Length"] = str(end - start + 1)
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    # Compressing on the way would change the bytes that ranges count.
    response["Content-Encoding"] = "identity"
    if part:
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


def _pieces(file: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0 and (piece := file.read(min(CHUNK, length))):
            length -= len(piece)
            yield piece
