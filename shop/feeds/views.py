"""The addresses that shopping services fetch."""

from django.core.cache import caches
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from shop.feeds.services import google_path
from shop.feeds.tasks import build_google_feed

# Seconds that a cache in front may keep the file, and after which somebody who finds none may ask for one again.
MAX_AGE = 900
ASK_AGAIN = 300


@require_safe
def google(request: HttpRequest) -> HttpResponseBase:
    """The file as the schedule last made it. Where there is none yet, it is made; until then the answer is 503."""
    path = google_path()
    if not path.exists() and caches["default"].add("feeds:google-asked", 1, ASK_AGAIN):
        build_google_feed.enqueue()
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        response = HttpResponse("The feed is being made. Please ask again in a minute.", "text/plain", status=503)
        response["Retry-After"] = "60"
        return response
    answer = FileResponse(stream, content_type="application/xml; charset=utf-8")
    answer["Last-Modified"] = http_date(path.stat().st_mtime)
    answer["Cache-Control"] = f"public, max-age={MAX_AGE}"
    answer["X-Robots-Tag"] = "noindex"
    return answer
