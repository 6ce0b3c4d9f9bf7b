"""The rooms import downwards only, and the contract that says so would notice if they did not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.rooms import REPOSITORY, heights

LINT_IMPORTS = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]


def lint_imports(folder: Path, *paths: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603  (a fixed command)
        [*LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def empty_house(tmp_path: Path) -> Path:
    """A copy of the house with every room empty, under the real contracts."""
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    for room in heights():
        folder = tmp_path.joinpath(*room.split("."))
        folder.mkdir(parents=True)
        for package in (folder, *folder.parents):
            if package == tmp_path:
                break
            (package / "__init__.py").touch()
    return tmp_path


def test_the_contracts_are_kept() -> None:
    result = lint_imports(REPOSITORY, REPOSITORY / "site", REPOSITORY)
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_empty_house_keeps_the_contracts(empty_house: Path) -> None:
    """Without this the next test could pass because the copy is broken in some other way."""
    (empty_house / "shop/cart/views.py").write_text("import shop.catalog\nimport cms\n")
    result = lint_imports(empty_house, empty_house)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ("cms", "shop.catalog"),
        ("cms", "home"),
        ("shop.catalog", "search"),
        ("home", "storefront"),
        ("home", "search"),
        ("shop.catalog", "shop.pricing"),
        ("shop.pricing", "shop.inventory"),
        ("shop.cart", "shop.orders"),
        ("shop.orders", "shop.payments"),
        ("shop.payments", "shop.checkout"),
        ("shop.money", "shop.catalog"),
    ],
)
def test_an_import_in_the_wrong_direction_is_reported(empty_house: Path, low: str, high: str) -> None:
    (empty_house.joinpath(*low.split(".")) / "views.py").write_text(f"def view():\n    import {high}\n")
    result = lint_imports(empty_house, empty_house)
    assert result.returncode == 1
    assert f"- {low}.views -> {high} (l.2)" in result.stdout


def test_a_room_that_no_contract_names_is_reported(empty_house: Path) -> None:
    (empty_house / "shop/unnamed").mkdir()
    (empty_house / "shop/unnamed/__init__.py").touch()
    result = lint_imports(empty_house, empty_house)
    assert result.returncode == 1
    assert "unnamed" in result.stdout
