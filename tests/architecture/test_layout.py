"""The habits of the house that a machine can hold."""

from pathlib import Path

import pytest
from django.apps import AppConfig, apps

from tests.architecture.rooms import REPOSITORY


def own_apps() -> list[AppConfig]:
    """The apps whose code is in this repository."""
    inside = [config for config in apps.get_app_configs() if Path(config.path).is_relative_to(REPOSITORY)]
    return [config for config in inside if "site-packages" not in config.path]


def site_lines(text: str) -> list[str]:
    """Lines of an ignore file that would hide the ``site`` folder (common templates have one)."""
    return [line for line in text.splitlines() if line.strip().strip("/*!") == "site"]


def test_every_app_sets_its_label_itself() -> None:
    """A label names tables and content types: it must not follow from a folder that may move."""
    for config in own_apps():
        assert "label" in vars(type(config)), f"{config.name}: set `label` in {type(config).__name__}"
        assert config.label == config.name.rpartition(".")[2]


def test_all_rooms_are_installed() -> None:
    packages = [*REPOSITORY.glob("site/*/apps.py"), *REPOSITORY.glob("*/apps.py"), *REPOSITORY.glob("shop/*/apps.py")]
    assert {str(path.parent) for path in packages} == {config.path for config in own_apps()}


def test_site_is_a_folder_not_a_package() -> None:
    """The standard library owns the module name: a package ``site`` stops the interpreter from starting."""
    assert not (REPOSITORY / "site/__init__.py").exists()


@pytest.mark.parametrize("name", [".gitignore", ".dockerignore"])
def test_ignore_files_keep_the_site_folder(name: str) -> None:
    file = REPOSITORY / name
    assert file.exists()
    assert site_lines(file.read_text()) == []


@pytest.mark.parametrize("line", ["site", "/site", "site/", "/site/", "/site/*", " /site"])
def test_a_line_that_hides_the_site_folder_is_noticed(line: str) -> None:
    assert site_lines(f"*.pyc\n{line}\nvar/") == [line]
