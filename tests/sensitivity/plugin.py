"""pytest with one fault after the other: first every test without any, then each fault with its own test."""

import sys
import time
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.sensitivity.fault import CONSTRAINTS, Fault, constraint
from tests.sensitivity.swapping import other_code, without_constraint

# What an assertion raises, and ``pytest.raises`` where nothing was raised. Anything else is an accident.
ASSERTIONS = (AssertionError, pytest.fail.Exception)


def in_table(item: Any) -> bool:
    """Whether it is a line of the table of constraints."""
    return bool(item.nodeid.startswith(f"{CONSTRAINTS}["))


def stays(item: pytest.Item) -> Any:
    """What is not torn down after a test: the table's own order for its next line, else the database alone."""
    return item.parent if in_table(item) else item.session


@dataclass
class Verdict:
    """What became of a fault. ``how`` names what the test raised: empty where it passed."""

    fault: Fault
    how: str = ""
    noticed: bool = False
    seconds: float = 0.0


class Sensitivity:
    """Runs the collected tests over and over. ``broken`` are those that fail without any fault.

    Of the tests of constraints each one collected adds a fault, if all ``words`` are in its name.
    """

    def __init__(self, faults: Iterable[Fault], words: Iterable[str] = ()) -> None:
        self.faults, self.words = list(faults), list(words)
        self.verdicts: list[Verdict] = []
        self.broken: list[str] = []
        self._current: Fault | None = None
        self._raised: BaseException | None = None

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        found = {item.nodeid: constraint(item.callspec.params["name"], item.nodeid) for item in items if in_table(item)}
        wanted = {nodeid: each for nodeid, each in found.items() if all(word in each.name for word in self.words)}
        self.faults += wanted.values()
        items[:] = [item for item in items if item.nodeid in wanted or item.nodeid not in found]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("not all tests could be collected")
        for item, following in zip(session.items, [*session.items[1:], session], strict=True):
            if self._run(item, following) is not None:
                self.broken.append(item.nodeid)
        for fault in [] if self.broken else self.faults:
            self.verdicts.append(self._try(fault, session.items))
            self.say(self.verdicts[-1])
        session._setupstate.teardown_exact(None)
        return True

    def say(self, verdict: Verdict) -> None:
        word, how = "noticed" if verdict.noticed else "MISSED ", verdict.how or "the test passed"
        sys.stdout.write(f"{word} {verdict.seconds:6.1f} s  {verdict.fault.name}  [{how}]\n")
        sys.stdout.flush()

    def _try(self, fault: Fault, items: list[pytest.Item]) -> Verdict:
        began, verdict = time.monotonic(), Verdict(fault)
        self._current = fault
        with ExitStack() as stack:
            if fault.file:
                stack.enter_context(other_code(fault))
            for item in items:
                belongs = item.nodeid == fault.test or item.nodeid.startswith((f"{fault.test}::", f"{fault.test}["))
                if belongs and (raised := self._run(item, stays(item))) is not None:
                    verdict.how = type(raised).__name__
                    verdict.noticed = verdict.noticed or isinstance(raised, ASSERTIONS)
                    if verdict.noticed:
                        break
        self._current = None
        verdict.seconds = time.monotonic() - began
        return verdict

    def _run(self, item: pytest.Item, following: Any) -> BaseException | None:
        """Run a test, again if need be; what it raised. Fixtures stay that ``following`` shares."""
        self._raised = None
        item._initrequest()  # type: ignore[attr-defined]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return self._raised

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
        if self._current is None or not self._current.constraint:
            return (yield)
        with without_constraint(self._current.constraint):
            return (yield)

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        if call.excinfo and self._raised is None and not call.excinfo.errisinstance(pytest.skip.Exception):
            self._raised = call.excinfo.value

    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str]:
        return "", "", ""
