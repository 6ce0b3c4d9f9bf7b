"""Downloading the catalogue from the admin."""

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views import View

from shop.catalog.models import CategoryPage
from shop.imports.exporting import catalogue
from shop.imports.exporting.files import ExportError, csv_lines, write_xlsx
from shop.imports.exporting.tables import TABLES
from shop.imports.screens.views import require

# A workbook is made as a whole while the browser waits.
XLSX_PRODUCTS_MOST = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportView(View):
    """``?format=cornhill.csv|cornhill.xlsx|shopify.csv&category=ID``; anything else is the first, of everything."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        require(request, "view", "add", "change")
        dialect, _, ending = request.GET.get("format", "").partition(".")
        dialect = dialect if dialect in TABLES else next(iter(TABLES))
        given = request.GET.get("category", "")
        scope = CategoryPage.objects.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 19 else None
        table = TABLES[dialect](scope)
        name = f"{dialect}-products-{timezone.localdate():%Y-%m-%d}"
        if ending != "xlsx":
            response = StreamingHttpResponse(csv_lines(table), content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
            return response
        if catalogue.count(scope) > XLSX_PRODUCTS_MOST:
            return HttpResponse(
                f"A workbook of more than {XLSX_PRODUCTS_MOST:,} products is made with "
                "manage.py export_products products.xlsx. Download CSV instead.",
                status=400,
                content_type="text/plain; charset=utf-8",
            )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "products.xlsx"
            try:
                write_xlsx(table, path)
            except ExportError as error:
                return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
            # The open file outlives its name.
            return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
