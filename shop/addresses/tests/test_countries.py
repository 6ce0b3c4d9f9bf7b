"""What each country's form asks for, and how its postcodes and phone numbers are written."""

import pytest

from shop.addresses.countries import address_form, written_postcode
from shop.addresses.phones import written_phone

# Country -> the parts below the street: name, label, whether it must be filled in.
FORMS = {
    "GB": [("city", "Town or city", True), ("postcode", "Postcode", True)],
    "US": [("city", "Town or city", True), ("region", "State", True), ("postcode", "ZIP code", True)],
    "DE": [("postcode", "Postcode", True), ("city", "Town or city", True)],
    "FR": [("postcode", "Postcode", True), ("city", "Town or city", True)],
    "IE": [("city", "Town or city", True), ("region", "County", False), ("postcode", "Eircode", False)],
    "JP": [("region", "Prefecture", True), ("postcode", "Postcode", True)],
    "CA": [("city", "Town or city", True), ("region", "Province", True), ("postcode", "Postcode", True)],
    "HK": [("city", "District", False), ("region", "Area", True)],
}


@pytest.mark.parametrize("country", FORMS)
def test_the_form_of_a_country(country: str) -> None:
    assert [(part.name, part.label, part.required) for part in address_form(country).parts] == FORMS[country]


@pytest.mark.parametrize(
    ("country", "first", "count"),
    [("US", ("AL", "Alabama"), 62), ("JP", ("Aichi", "Aichi"), 47), ("IE", ("Co. Carlow", "Co. Carlow"), 26)],
)
def test_regions_are_chosen(country: str, first: tuple[str, str], count: int) -> None:
    part = address_form(country).part("region")
    assert part is not None
    assert (part.choices[0], len(part.choices)) == (first, count)


@pytest.mark.parametrize("country", ["ZZ", "", "\x00", "xx", "AQ"])
def test_a_country_that_nobody_knows_still_has_a_form(country: str) -> None:
    assert "city" in [part.name for part in address_form(country).parts] or country == "AQ"


@pytest.mark.parametrize(
    ("country", "typed", "written"),
    [
        ("GB", "ip41aa", "IP4 1AA"),
        ("GB", "12345", None),
        ("US", "95014", "95014"),
        ("US", "221621010", "22162-1010"),
        ("US", "9501", None),
        ("DE", " 10115 ", "10115"),
        ("DE", "1011", None),
        ("FR", "75 001", "75001"),
        ("IE", "a65f4e2", "A65 F4E2"),
        ("IE", "A65", None),
        ("JP", "1000001", "100-0001"),
        ("JP", "100‑0001", "100-0001"),
        ("CA", "k1a0b1", "K1A 0B1"),
        ("NL", "1234ab", "1234 AB"),
        ("HK", "nothing 1", "NOTHING 1"),
        ("DE", "\x00", None),
        ("DE", "9" * 5000, None),
        ("DE", "١٠١١٥", None),
        ("ZZ", "12 ab", "12 AB"),
    ],
)
def test_a_postcode_as_it_is_written(country: str, typed: str, written: str | None) -> None:
    assert written_postcode(country, typed) == written


@pytest.mark.parametrize(
    ("country", "typed", "written"),
    [
        ("GB", "01473 000000", "+441473000000"),
        ("GB", "+49 30 901820", "+4930901820"),
        ("DE", "030 901820", "+4930901820"),
        ("US", "(650) 253-0000", "+16502530000"),
        ("JP", "03-1234-5678", "+81312345678"),
        ("GB", "123", None),
        ("GB", "call me", None),
        ("GB", "", None),
        ("GB", "\x00", None),
        ("ZZ", "01473 000000", None),
        ("GB", "9" * 300, None),
        ("GB", "\ud800", None),
    ],
)
def test_a_phone_number_as_it_is_kept(country: str, typed: str, written: str | None) -> None:
    assert written_phone(country, typed) == written
