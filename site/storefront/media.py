"""Serves uploaded pictures where no web server in front does."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

# Where Wagtail puts pictures and what it makes of them. Documents are not among them: Wagtail checks their readers.
PUBLIC_FOLDERS = ("images/", "original_images/", "avatar_images/")
# Names of pictures are never used again for others, so browsers and CDNs may keep them (seconds, a year).
MAX_AGE = 31_536_000


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file below the media folder. Raises Http404 for anything that is not a picture."""
    if not path.startswith(PUBLIC_FOLDERS) or ".." in path.split("/"):
        raise Http404
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except OSError:  # longer than the file system allows names to be
        raise Http404 from None
    response["Cache-Control"] = f"public, max-age={MAX_AGE}, immutable"
    return response
