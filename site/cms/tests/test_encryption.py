"""What is encrypted in the database, and how its keys change. Tried out on the orders' addresses."""

import base64
from io import StringIO
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from cms import encryption
from cms.encryption import DecryptionError, KeyRing, read_key
from cms.rotation import AlreadyRegistered, RotationRegistry, rotate

OLD, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
PLACE = "orders_order.address_line_1"


def ring(*keys: str) -> KeyRing:
    return KeyRing([read_key(key) for key in keys])


@given(st.text())
def test_what_is_encrypted_comes_back(text: str) -> None:
    assert ring(OLD).decrypt(ring(OLD).encrypt(text, PLACE), PLACE) == text


def test_the_same_text_never_looks_the_same() -> None:
    assert len({ring(OLD).encrypt("9 Thimble Row", PLACE) for _ in range(50)}) == 50
    assert "Thimble" not in ring(OLD).encrypt("9 Thimble Row", PLACE)


def test_a_value_cannot_be_moved_to_another_column() -> None:
    stored = ring(OLD).encrypt("9 Thimble Row", PLACE)
    with pytest.raises(DecryptionError, match="was changed, or moved there from another place"):
        ring(OLD).decrypt(stored, "orders_order.phone")


@pytest.mark.parametrize("change", [lambda s: s[:-2] + "AA", lambda s: s[:20], lambda s: s + "!", lambda s: s[:14]])
def test_a_value_cannot_be_changed(change: Any) -> None:
    stored = ring(OLD).encrypt("9 Thimble Row, Ipswich", PLACE)
    with pytest.raises(DecryptionError):
        ring(OLD).decrypt(change(stored), PLACE)


def test_keys_change_without_a_pause() -> None:
    """First every process learns the new key, then it encrypts; what the old one wrote is read all the time."""
    before, meanwhile, after = ring(OLD), ring(OLD, NEW), ring(NEW, OLD)
    for writer in (before, meanwhile, after):
        for reader in (meanwhile, after):
            assert reader.decrypt(writer.encrypt("Ipswich", PLACE), PLACE) == "Ipswich"


def test_a_key_that_is_gone_is_named_with_what_to_do() -> None:
    stored = ring(OLD).encrypt("Ipswich", PLACE)
    with pytest.raises(DecryptionError) as raised:
        ring(NEW).decrypt(stored, PLACE)
    assert PLACE in str(raised.value)
    assert repr(ring(OLD).current) in str(raised.value)
    assert "rotate_encryption" in str(raised.value)


@pytest.mark.parametrize("key", ["", "short", "not base64!", base64.b64encode(b"x" * 16).decode()])
def test_what_is_no_key_is_refused_at_the_start(key: str, settings: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="is not 32 bytes in base64"):
        read_key(key)
    settings.ADDRESS_ENCRYPTION_KEYS = [key]
    assert "storefront.E005" in {message.id for message in run_checks(tags=["security"])}


def test_a_key_of_its_own_is_advised(settings: Any) -> None:
    settings.ADDRESS_ENCRYPTION_KEYS = []
    found = {message.id for message in run_checks(tags=["security"], include_deployment_checks=True)}
    assert "storefront.W002" in found
    settings.ADDRESS_ENCRYPTION_KEYS = [OLD]
    found = {message.id for message in run_checks(tags=["security"], include_deployment_checks=True)}
    assert "storefront.W002" not in found


def test_without_keys_it_follows_from_the_secret_key_and_survives_its_change(settings: Any) -> None:
    settings.ADDRESS_ENCRYPTION_KEYS = []
    stored = encryption.key_ring().encrypt("Ipswich", PLACE)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key-that-is-new-000000000000000000000000000"
    assert encryption.key_ring().decrypt(stored, PLACE) == "Ipswich"
    settings.ADDRESS_ENCRYPTION_KEYS = [NEW]
    assert encryption.key_ring().decrypt(stored, PLACE) == "Ipswich"


def test_two_rotations_of_one_name_are_refused() -> None:
    registry = RotationRegistry()
    registry.register("x", lambda: 0)
    with pytest.raises(AlreadyRegistered):
        registry.register("x", lambda: 0)


@pytest.mark.database
@pytest.mark.django_db
class TestTheField:
    @pytest.fixture(autouse=True)
    def keys(self, settings: Any) -> None:
        settings.ADDRESS_ENCRYPTION_KEYS = [OLD]

    @pytest.fixture
    def model(self) -> Any:
        from django.apps import apps

        return apps.get_model("accounts", "Address")

    def make(self, model: Any, **facts: Any) -> Any:
        from django.contrib.auth import get_user_model

        user, _ = get_user_model().objects.get_or_create(email="ann@example.com")
        return model.objects.create(
            user=user, **{"name": "Ann", "line_1": "9 Thimble Row", "city": "Ipswich", "country": "GB", **facts}
        )

    def stored(self, column: str = "line_1") -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM accounts_address ORDER BY id")  # noqa: S608
            return [row[0] for row in cursor.fetchall()]

    def test_the_database_has_no_street(self, model: Any) -> None:
        self.make(model)
        assert self.stored()[0].startswith(f"enc1:{ring(OLD).current}:")
        assert model.objects.get().line_1 == "9 Thimble Row"
        assert model.objects.values_list("line_1", flat=True)[0] == "9 Thimble Row"

    def test_nothing_stays_nothing(self, model: Any) -> None:
        self.make(model, line_2="")
        assert self.stored("line_2") == [""]

    def test_update_and_bulk_create_encrypt(self, model: Any) -> None:
        made = self.make(model)
        model.objects.update(line_1="1 Quay Street")
        model.objects.bulk_create([model(user=made.user, name="B", line_1="2 Quay Street", city="I", country="GB")])
        assert all(value.startswith("enc1:") for value in self.stored())
        assert list(model.objects.order_by("pk").values_list("line_1", flat=True)) == ["1 Quay Street", "2 Quay Street"]

    @pytest.mark.parametrize("lookup", ["line_1", "line_1__icontains", "line_1__in", "line_1__startswith"])
    def test_it_cannot_be_looked_up(self, model: Any, lookup: str) -> None:
        with pytest.raises((FieldError, TypeError)):
            list(model.objects.filter(**{lookup: "9"}))

    def test_text_that_looks_encrypted_is_text(self, model: Any) -> None:
        self.make(model, line_1="enc1:0:AAAA")
        assert model.objects.get().line_1 == "enc1:0:AAAA"

    def test_rotation(self, model: Any, settings: Any) -> None:
        for number in range(5):
            self.make(model, line_1=f"{number} Thimble Row")
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE accounts_address SET line_1 = %s WHERE id = (SELECT max(id) FROM accounts_address)",
                ["5 Plain Street"],
            )
        settings.ADDRESS_ENCRYPTION_KEYS = [NEW, OLD]
        steps = rotate(model, batch=2)
        assert next(steps)[1] == 2, "and here the power fails"
        assert sum(changed for _, changed in rotate(model, batch=2)) == 3
        assert sum(changed for _, changed in rotate(model, batch=2)) == 0
        settings.ADDRESS_ENCRYPTION_KEYS = [NEW]
        assert [address.line_1 for address in model.objects.order_by("pk")] == [
            *(f"{number} Thimble Row" for number in range(4)),
            "5 Plain Street",
        ]

    def test_the_command_says_what_it_did(self, model: Any, settings: Any) -> None:
        self.make(model)
        settings.ADDRESS_ENCRYPTION_KEYS = [NEW, OLD]
        out = StringIO()
        call_command("rotate_encryption", stdout=out)
        assert "addresses: 1 row encrypted anew" in out.getvalue()
        assert "second steps: 0 rows encrypted anew" in out.getvalue()
