"""The faults stay true: each still finds its place and its test, and can be put in and taken out again.

``python -m tests.sensitivity`` runs them all.
"""

import inspect
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from shop.inventory import services as inventory
from shop.payments.models import ProviderEvent
from tests.factories import make_product
from tests.sensitivity.fault import Fault
from tests.sensitivity.faults import FAULTS
from tests.sensitivity.swapping import other_code, without_constraint

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_it_finds_its_place_and_its_test(fault: Fault) -> None:
    assert (ROOT / fault.file).read_text().count(fault.old) == 1
    path, _, name = fault.test.partition("::")
    assert f"{name.rpartition('::')[2]}" in (ROOT / path).read_text()
    with other_code(fault):
        pass


def test_every_row_lock_is_a_fault() -> None:
    folders = (ROOT / name for name in ("shop", "site", "home", "search"))
    files = {path for folder in folders for path in folder.rglob("*.py") if "tests" not in path.parts}
    locking = {str(path.relative_to(ROOT)) for path in files if ".select_for_update(" in path.read_text()}
    assert locking <= {fault.file for fault in FAULTS if fault.postgres}


@pytest.mark.django_db
def test_a_fault_is_put_in_and_taken_out(home_page: object) -> None:
    make_product(sku="MUG", stock=1)
    code = inspect.unwrap(inventory.reserve).__code__
    (fault,) = (each for each in FAULTS if each.name == "stock is reserved without looking")
    with pytest.raises(inventory.OutOfStock), transaction.atomic():
        inventory.reserve({"MUG": 2})
    with other_code(fault), pytest.raises(IntegrityError), transaction.atomic():
        inventory.reserve({"MUG": 2})
    assert inspect.unwrap(inventory.reserve).__code__ is code


@pytest.mark.django_db
@pytest.mark.database
def test_a_constraint_is_taken_away_and_put_back() -> None:
    def store() -> None:
        ProviderEvent.objects.create(provider="dummy", event_id="evt_1", type="paid")

    with without_constraint("provider_event_once"):
        store()
        store()
    store()
    with pytest.raises(IntegrityError), transaction.atomic():
        store()
