"""``make test-long`` runs what is marked ``long``: nothing that has a full number may be forgotten there."""

import re

from tests.architecture.rooms import REPOSITORY

VARIABLE = "CORNHILL_" + "LONG"


def test_files_with_full_numbers_are_marked_and_only_one_reads_the_variable() -> None:
    tests = [
        path
        for pattern in ("tests", "shop", "site", "home", "search")
        for path in REPOSITORY.glob(f"{pattern}/**/test_*.py")
    ]
    assert tests
    for path in tests:
        text = path.read_text()
        assert VARIABLE not in text, f"{path}: ask tests/long.py"
        if re.search(r"\bat_length\(", text):
            assert "pytest.mark.long" in text, f"{path}: mark what asks at_length with pytest.mark.long"
