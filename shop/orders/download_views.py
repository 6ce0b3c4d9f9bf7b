"""Handing out what was bought as a download, behind a signed link."""

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.orders import downloads, streaming
from shop.orders.downloads import DownloadRefused
from shop.orders.models import Download
from shop.orders.views import private

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file; 404 for a link that is none, 410 with the reason for one that does not work any more."""
    try:
        found = downloads.download_from_token(token=token)
        downloads.check_open(download=found)
        return _answer(request, found)
    except Download.DoesNotExist:
        return _problem(request, "This link is incomplete. Please copy all of it from our letter.", status=404)
    except DownloadRefused as refused:
        return _problem(request, str(refused), status=410)


def _answer(request: HttpRequest, found: Download) -> HttpResponseBase:
    assert found.file is not None  # noqa: S101  (check_open refuses it)
    name = found.file.name
    try:
        file = found.file.file.open("rb")
        size = found.file.file.size
    except OSError:
        logger.exception("The file of download %s cannot be read.", found.pk)
        raise DownloadRefused("This file is missing on our side. Please write to us.") from None
    try:
        part = streaming.wanted_range(request, size)
    except streaming.Unsatisfiable:
        file.close()
        return private(streaming.unsatisfiable(size))
    if request.method != "HEAD":
        try:
            downloads.count_use(download=found, resumes=part is not None and part[0] > 0)
        except DownloadRefused:
            file.close()
            raise
    return private(streaming.stream(file, name=name, size=size, part=part, body=request.method != "HEAD"))


def _problem(request: HttpRequest, message: str, *, status: int) -> HttpResponse:
    context = {"message": message}
    return private(render(request, "pages/orders/download_problem.html", context, status=status))
