"""VAT numbers: check digits of each country, however they are typed."""

import pytest

from shop.tax.numbers import EUROPEAN_UNION, TaxNumber, parse


@pytest.mark.parametrize(
    ("typed", "country", "expected"),
    [
        ("DE136695976", "", TaxNumber("DE136695976", "DE")),
        (" de 136 695 976 ", "", TaxNumber("DE136695976", "DE")),
        ("136695976", "DE", TaxNumber("DE136695976", "DE")),
        ("GB980780684", "", TaxNumber("GB980780684", "GB")),
        ("GB 980 7806 84", "GB", TaxNumber("GB980780684", "GB")),
        ("XI980780684", "", TaxNumber("XI980780684", "GB")),
        ("FR40303265045", "", TaxNumber("FR40303265045", "FR")),
        ("IE6433435F", "", TaxNumber("IE6433435F", "IE")),
        ("ATU13585627", "", TaxNumber("ATU13585627", "AT")),
        ("EL094259216", "", TaxNumber("EL094259216", "GR")),
        ("094259216", "GR", TaxNumber("EL094259216", "GR")),
        ("NL4495445B01", "", TaxNumber("NL004495445B01", "NL")),
        ("DE136695977", "", None),
        ("GB980780685", "", None),
        ("US123456789", "", None),
        ("136695976", "", None),
        ("136695976", "US", None),
        ("", "", None),
        ("DE", "DE", None),
        ("\x00", "DE", None),
        ("ＤＥ１３６６９５９７６", "DE", None),
        ("9" * 10_000, "DE", None),
        ("\ud800", "DE", None),
        ("../etc", "DE", None),
    ],
)
def test_what_is_a_number(typed: str, country: str, expected: TaxNumber | None) -> None:
    assert parse(typed, country=country) == expected


def test_the_union() -> None:
    assert len(EUROPEAN_UNION) == 27
    assert "GR" in EUROPEAN_UNION
    assert not {"EL", "GB", "XI"} & EUROPEAN_UNION
