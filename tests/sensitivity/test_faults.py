"""The list of faults stays true: each still finds its one place. ``python -m tests.sensitivity`` runs them."""

from pathlib import Path

import pytest

from tests.sensitivity.faults import FAULTS, Fault

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_it_finds_its_place_and_its_test(fault: Fault) -> None:
    assert (ROOT / fault.file).read_text().count(fault.old) == 1
    path, _, name = fault.test.replace(" -k ", "::").partition("::")
    assert name.rpartition("::")[2] in (ROOT / path).read_text()
