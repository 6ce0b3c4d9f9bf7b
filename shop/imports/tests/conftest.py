"""What the tests of imports share."""

from pathlib import Path
from typing import Any

import pytest
from wagtail.models import Page

from shop.imports.services import ImportSummary, import_products
from shop.imports.tests.factories import write_csv
from shop.imports.tests.importing import Run


@pytest.fixture
def run(tmp_path: Path, home_page: Page) -> Run:
    """Import rows: ``run(rows, parent="lamps")``."""

    def run_import(rows: Any, **options: Any) -> ImportSummary:
        return import_products(path=write_csv(tmp_path, rows), **options)

    return run_import
