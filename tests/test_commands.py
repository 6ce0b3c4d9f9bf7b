"""The commands of a newcomer's first minutes fail early and say what to do."""

import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bin import install, run_demo, run_tests

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def run(command: list[str], **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603  (a fixed command)
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def fake_python(folder: Path, name: str, *, version_ok: bool, venv_ok: bool) -> None:
    """A program that answers the two questions of bin/find-python."""
    script = folder / name
    script.write_text(
        f'#!/bin/sh\ncase "$2" in *ensurepip*) exit {int(not venv_ok)};; *) exit {int(not version_ok)};; esac\n'
    )
    script.chmod(0o755)


class TestPort:
    def test_a_port_in_use_is_refused_with_another_one_to_try(
        self, busy_port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PORT", str(busy_port))
        with pytest.raises(SystemExit, match=rf"Port {busy_port} is in use.* PORT=\d+ make demo"):
            run_demo.chosen_port()

    @pytest.mark.parametrize("value", ["eight", "0", "65536", "-1", "80 80"])
    def test_what_is_no_port_is_refused(self, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PORT", value)
        with pytest.raises(SystemExit, match="set it to a number from 1 to 65535"):
            run_demo.chosen_port()

    def test_a_free_port_is_taken(self, busy_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        assert run_demo.chosen_port() == port

    def test_make_demo_says_so_before_it_does_anything_slow(self, busy_port: int, tmp_path: Path) -> None:
        done = run(["make", "demo"], PATH=os.environ["PATH"], PORT=str(busy_port), VENV=str(tmp_path / "venv"))
        assert done.returncode != 0
        assert f"Port {busy_port} is in use by another program." in done.stderr
        assert not (tmp_path / "venv").exists()


class TestFindPython:
    def test_the_newest_that_suits_is_taken(self, tmp_path: Path) -> None:
        fake_python(tmp_path, "python3.12", version_ok=True, venv_ok=True)
        fake_python(tmp_path, "python3.11", version_ok=True, venv_ok=True)
        assert run(["/bin/sh", "bin/find-python"], PATH=str(tmp_path)).stdout.strip() == str(tmp_path / "python3.12")

    def test_one_that_cannot_make_environments_is_passed_over(self, tmp_path: Path) -> None:
        fake_python(tmp_path, "python3.13", version_ok=True, venv_ok=False)
        fake_python(tmp_path, "python3", version_ok=True, venv_ok=True)
        assert run(["/bin/sh", "bin/find-python"], PATH=str(tmp_path)).stdout.strip() == str(tmp_path / "python3")

    def test_a_missing_venv_module_is_named(self, tmp_path: Path) -> None:
        fake_python(tmp_path, "python3.11", version_ok=True, venv_ok=False)
        done = run(["/bin/sh", "bin/find-python"], PATH=str(tmp_path))
        assert done.returncode == 1
        assert "sudo apt install python3.11-venv" in done.stderr

    def test_none_at_all_is_explained(self, tmp_path: Path) -> None:
        fake_python(tmp_path, "python3", version_ok=False, venv_ok=True)
        done = run(["/bin/sh", "bin/find-python"], PATH=str(tmp_path))
        assert done.returncode == 1
        assert "Python 3.11, 3.12 or 3.13 is needed" in done.stderr

    def test_one_that_is_named_must_suit(self, tmp_path: Path) -> None:
        fake_python(tmp_path, "python3.8", version_ok=False, venv_ok=True)
        done = run(["/bin/sh", "bin/find-python"], PATH=str(tmp_path), PYTHON="python3.8")
        assert "PYTHON is set to python3.8, which is not" in done.stderr


class TestInstall:
    @pytest.fixture(autouse=True)
    def _a_copy(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("requirements.txt", "requirements-dev.txt"):
            (tmp_path / name).write_text((REPOSITORY / name).read_text())
        monkeypatch.setattr(install, "REPOSITORY", tmp_path)
        monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)

    def test_it_is_installed_until_a_pinned_version_changes(self, tmp_path: Path) -> None:
        assert not install.is_installed("dev")
        install.stamp("dev").write_text(install.fingerprint("dev"))
        assert install.is_installed("dev")
        with (tmp_path / "requirements.txt").open("a") as file:
            file.write("another==1.0\n")
        assert not install.is_installed("dev")

    def test_an_environment_whose_interpreter_is_gone_does_not_count(self, tmp_path: Path) -> None:
        install.stamp("runtime").write_text(install.fingerprint("runtime"))
        (tmp_path / ".venv" / "bin" / "python").unlink()
        assert not install.is_installed("runtime")

    def test_a_folder_that_is_no_environment_is_not_deleted(self, tmp_path: Path) -> None:
        (tmp_path / ".venv" / "bin" / "python").unlink()
        with pytest.raises(SystemExit, match="is not a virtual environment: move it away"):
            install.make_venv()
        assert (tmp_path / ".venv").exists()


class TestReport:
    def test_both_runs_close_in_one_line_as_pytest_does(self) -> None:
        sqlite = run_tests.Outcome("SQLite", passed=800, failed=1)
        postgresql = run_tests.Outcome("PostgreSQL", passed=200, skipped=Counter({"needs Redis": 2}))
        line = run_tests.closing_line([sqlite, postgresql], 61.5)
        assert line.strip("=") == " 1 failed, 1000 passed, 2 skipped in 61.50s "

    def test_a_report_is_added_up(self, tmp_path: Path) -> None:
        report = tmp_path / "report.xml"
        report.write_text(
            "<testsuites><testsuite><testcase/><testcase><failure/></testcase><testcase><error/></testcase>"
            '<testcase><skipped type="pytest.skip" message="needs Redis"/></testcase>'
            '<testcase><skipped type="pytest.xfail" message="known"/></testcase></testsuite></testsuites>'
        )
        outcome = run_tests.read_report(run_tests.Outcome("SQLite"), report)
        assert (outcome.passed, outcome.failed, outcome.skipped) == (2, 2, Counter({"needs Redis": 1}))
        assert not outcome.broken

    def test_a_run_without_a_report_is_broken(self, tmp_path: Path) -> None:
        assert run_tests.read_report(run_tests.Outcome("SQLite"), tmp_path / "none.xml").broken


class TestRequiredServices:
    SUITE = "import pytest\n\n\ndef test_skipped():\n    pytest.skip('needs a thing')\n"

    def suite(self, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
        (folder / "test_it.py").write_text(self.SUITE)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.fixtures.services"]
        environment |= {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{REPOSITORY / 'site'}{os.pathsep}{REPOSITORY}",
            "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
        }
        return run([*command, str(folder / "test_it.py")], **environment)

    def test_a_skip_is_named(self, tmp_path: Path) -> None:
        done = self.suite(tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 skipped" in done.stdout

    def test_a_skip_is_a_failure_where_services_are_required(self, tmp_path: Path) -> None:
        done = self.suite(tmp_path, REQUIRE_SERVICES="1")
        assert done.returncode == 1, done.stdout + done.stderr
        assert "REQUIRE_SERVICES=1 allows no skip" in done.stdout
        assert "needs a thing" in done.stdout
