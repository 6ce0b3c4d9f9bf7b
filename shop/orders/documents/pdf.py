"""PDF out of our own HTML, with WeasyPrint. It needs pango on the machine; without it the HTML is offered for print.

Nothing is fetched over the network: a document may use our own static files and uploads, and those are read from the
storages, never from an address.
"""

from functools import cache
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from PIL import ImageFile

# Addresses in a document are read as below this one, which is no host and is never asked for anything.
HOST = "documents.invalid"
BASE = f"https://{HOST}/"
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core fonts-droid-fallback"


class PdfUnavailable(RuntimeError):
    """This machine cannot make PDF; the message says what is missing."""


@cache
def problem() -> str | None:
    """Why PDF cannot be made here, None where it can. Asked once per process: libraries do not come and go."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        import weasyprint  # noqa: F401  (loads pango, which may not be there)
    except (ImportError, OSError) as error:
        return str(error).split("\n", 1)[0]
    finally:
        # Its import has the whole process take half a picture for a whole one; damaged uploads are refused here.
        ImageFile.LOAD_TRUNCATED_IMAGES = before
    return None


def render_pdf(html: str) -> bytes:
    """The document as PDF. Raises PdfUnavailable."""
    if (missing := problem()) is not None:
        raise PdfUnavailable(missing)
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    output = BytesIO()
    # A configuration of its own: the shared one may not be used by two threads.
    HTML(string=html, base_url=BASE, url_fetcher=_fetcher()).write_pdf(output, font_config=FontConfiguration())
    return output.getvalue()


def own_file(url: str) -> bytes:
    """The bytes of one of our own static files or uploads. Raises ValueError for any other address."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.scheme != "https" or parts.netloc != HOST or ".." in PurePosixPath(path).parts or "\x00" in path:
        raise ValueError(f"A document may not fetch {url[:200]!r}.")
    try:
        if path.startswith(settings.STATIC_URL):
            return _static(path.removeprefix(settings.STATIC_URL))
        if path.startswith(settings.MEDIA_URL):
            with default_storage.open(path.removeprefix(settings.MEDIA_URL)) as file:
                return bytes(file.read())
    except (OSError, SuspiciousOperation) as error:
        raise ValueError(f"There is no file {path[:200]!r}.") from error
    raise ValueError(f"A document may not fetch {url[:200]!r}.")


def _static(name: str) -> bytes:
    # The apps' own folders; names with a fingerprint are only where the files were collected.
    found = finders.find(name)
    if isinstance(found, str):
        return Path(found).read_bytes()
    with staticfiles_storage.open(name) as file:
        return bytes(file.read())


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        """Answers with our own files and refuses the rest."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            kind = guess_type(urlsplit(url).path)[0] or "application/octet-stream"
            return URLFetcherResponse(url, BytesIO(own_file(url)), {"Content-Type": kind})

    return OwnFiles(allowed_protocols=("https",), allow_redirects=False)
