"""Making the feeds' files."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cms.chrome import get_chrome
from cms.sites import default_site
from shop.feeds import google
from shop.feeds.items import items


@dataclass(frozen=True, slots=True)
class Feed:
    """A file that was made: how many items are in it, and how many a shopping service could not have taken."""

    path: Path
    items: int
    left_out: int


class NoSite(RuntimeError):
    """There is no site whose products could be listed."""


def google_path() -> Path:
    """Where the file for Google Merchant Center is."""
    return Path(settings.FEEDS_DIR) / "google.xml"


def build_google() -> Feed:
    """Write the file anew. Readers have the old one until the new one is complete. Raises NoSite."""
    site = default_site()
    if site is None:
        raise NoSite("The shop has no default site: set one up in the admin, under Settings, Sites.")
    path = google_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".google-", suffix=".xml")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            title = get_chrome(site).name or site.site_name or site.hostname
            written, left_out = google.write(stream, title=title, link=f"{site.root_url}/", items=items(site))
        # Readable by a web server in front, as uploads are.
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Feed(path, written, left_out)
