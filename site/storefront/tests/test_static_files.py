"""Static files as production serves them."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage
from django.template import engines
from django.template.loader import get_template

from storefront.static_files import StaticFilesStorage

TEMPLATES = sorted(
    path.relative_to(settings.BASE_DIR / "templates") for path in settings.BASE_DIR.glob("templates/**/*.*")
)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own static files, named and rewritten as `collectstatic` does it."""
    target = tmp_path_factory.mktemp("collected")
    storage = StaticFilesStorage(location=str(target), base_url="/static/")
    source = FileSystemStorage(settings.BASE_DIR / "static")
    names = [
        path.relative_to(source.location).as_posix() for path in Path(source.location).rglob("*") if path.is_file()
    ]
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes((Path(source.location) / name).read_bytes())
    problems = [
        result
        for _, _, result in storage.post_process({name: (source, name) for name in names})
        if isinstance(result, Exception)
    ]
    assert problems == []
    return target


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def test_modules_import_each_other_by_hashed_name(collected: Path) -> None:
    entry = only(collected, "js/shop.????????????.js").read_text()
    imported = re.findall(r'from "\./([\w.]+)"', entry)
    assert len(imported) >= 3
    for name in imported:
        assert re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name), name
        assert (collected / "js" / name).is_file()


def test_files_are_compressed_beside_themselves(collected: Path) -> None:
    css = only(collected, "css/base.????????????.css")
    assert css.with_name(css.name + ".gz").stat().st_size < css.stat().st_size
    assert css.with_name(css.name + ".br").stat().st_size < css.stat().st_size


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_every_template_compiles_and_names_files_that_exist(template: Path) -> None:
    source: Any = get_template(str(template))
    assert source.backend is engines["django"]
    for name in re.findall(r"""{% static ['"]([^'"]+)['"]""", source.template.source):
        assert finders.find(name), f"{template} names {name}, which is no static file"
