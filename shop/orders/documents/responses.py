"""Handing a document out: as PDF, or as a page to be printed."""

from django.http import HttpRequest, HttpResponse

from shop.orders.documents import pdf

# The page stands alone: its few styles are in it, and nothing else may be loaded or run.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def document_response(request: HttpRequest, *, html: str, name: str) -> HttpResponse:
    """The document as PDF to be shown; as a page where PDF is not possible or ``?as=page`` asks for it."""
    response: HttpResponse
    if request.GET.get("as") == "page" or pdf.problem() is not None:
        response = HttpResponse(html)
        response["Content-Security-Policy"] = PAGE_POLICY
    else:
        response = HttpResponse(pdf.render_pdf(html), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
