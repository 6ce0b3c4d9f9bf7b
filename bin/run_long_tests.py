"""The long proofs, in full numbers and on a real PostgreSQL. ``make test-long`` runs this: it takes hours.

What belongs to it is marked ``long``; tests/long.py says how far each goes. One test after the other, as a race needs
the machine for itself. Arguments go to pytest. At the end: how long each took.
"""

import os
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bin.run_tests import REPORTS, postgresql, run_pytest, say

NAME = "Long"
# -s: a test that measures says what it measured.
CHOSEN = ["-p", "no:xdist", "-m", "long", "-s"]


def times(report: Path) -> dict[str, tuple[int, float]]:
    """Of each test in a JUnit report how often it ran (with other parameters) and the seconds that took together."""
    found: dict[str, tuple[int, float]] = defaultdict(lambda: (0, 0.0))
    for case in ElementTree.parse(report).getroot().iter("testcase"):  # noqa: S314  (written by our own pytest)
        test = f"{case.get('classname')}.{(case.get('name') or '').partition('[')[0]}"
        runs, seconds = found[test]
        found[test] = (runs + 1, seconds + float(case.get("time") or 0))
    return dict(found)


def main(arguments: list[str]) -> int:
    REPORTS.mkdir(parents=True, exist_ok=True)
    os.environ["CORNHILL_LONG"] = "1"
    with postgresql() as url:
        if url is None:
            say("The long tests need PostgreSQL: set TEST_DATABASE_URL.")
            return 1
        outcome = run_pytest(NAME, url, [*CHOSEN, *arguments], {})
    report = REPORTS / f"{NAME.lower()}.xml"
    if report.exists():
        say("\n  seconds  runs")
        for test, (runs, seconds) in sorted(times(report).items(), key=lambda found: -found[1][1]):
            say(f"{seconds:9.1f} {runs:5}  {test}")
    say(f"\n{outcome.passed} passed, {outcome.failed} failed, {sum(outcome.skipped.values())} skipped")
    return 1 if outcome.broken or outcome.failed or outcome.skipped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
