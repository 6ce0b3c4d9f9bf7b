"""Which providers there are, and what is said at start when the setting is wrong."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from shop.accounts.tests.factories import AdminFactory
from shop.payments import registry
from shop.payments.checks import check_providers
from shop.payments.models import BankTransferSettings, PaymentSettings
from shop.payments.providers.dummy import DummyProvider
from shop.payments.providers.invoice import InvoiceProvider
from shop.payments.registry import UnknownProvider

DUMMY = "shop.payments.providers.dummy.DummyProvider"
INVOICE = "shop.payments.providers.invoice.InvoiceProvider"


class Twin(InvoiceProvider):
    """Has the code of another."""


class Shouting(InvoiceProvider):
    code = "INVOICE!"


class Nameless(InvoiceProvider):
    label = ""


class TestSetting:
    def test_providers_in_the_order_of_the_setting(self, settings: Any) -> None:
        settings.PAYMENT_PROVIDERS = [INVOICE, DUMMY]
        assert list(registry.providers()) == ["invoice", "dummy"]
        assert isinstance(registry.provider_for("dummy"), DummyProvider)
        assert [provider.code for provider in registry.available()] == ["invoice", "dummy"]

    def test_one_that_is_not_configured(self, settings: Any) -> None:
        settings.PAYMENT_PROVIDERS = [INVOICE]
        with pytest.raises(UnknownProvider, match="No provider 'dummy' in PAYMENT_PROVIDERS"):
            registry.provider_for("dummy")

    @pytest.mark.parametrize(
        ("paths", "words"),
        [
            (["nowhere.Provider"], "nowhere.Provider cannot be imported"),
            (["NoDots"], "NoDots cannot be imported"),
            (["shop.payments.models.Payment"], "is not a PaymentProvider"),
            (["shop.payments.providers.base.PaymentProvider"], "is incomplete"),
            ([INVOICE, "shop.payments.tests.test_registry.Twin"], "has the code 'invoice' of another provider"),
            (["shop.payments.tests.test_registry.Nameless"], "has no label"),
        ],
    )
    def test_mistakes_are_named(self, settings: Any, paths: list[str], words: str) -> None:
        settings.PAYMENT_PROVIDERS = paths
        with pytest.raises(ImproperlyConfigured, match=words):
            registry.providers()
        [found] = check_providers()
        assert (found.id, words in found.msg) == ("payments.E001", True)


class TestChecks:
    def test_a_good_setting_is_silent(self) -> None:
        assert check_providers() == []

    def test_nobody_could_pay(self, settings: Any) -> None:
        settings.PAYMENT_PROVIDERS = []
        assert [found.id for found in check_providers()] == ["payments.E002"]

    def test_a_code_that_cannot_be_stored(self, settings: Any) -> None:
        settings.PAYMENT_PROVIDERS = ["shop.payments.tests.test_registry.Shouting"]
        assert [found.id for found in check_providers()] == ["payments.E003"]


@pytest.mark.django_db
class TestTestCardInProduction:
    """DEBUG is off in tests, as in production."""

    def test_refused_unless_it_is_meant(self, settings: Any) -> None:
        settings.PAYMENT_ALLOW_TEST_PROVIDERS = False
        assert [found.id for found in check_providers()] == ["payments.W001"]
        assert [provider.code for provider in registry.available()] == ["invoice"]

    def test_allowed_where_it_is_meant(self, settings: Any) -> None:
        settings.PAYMENT_ALLOW_TEST_PROVIDERS = True
        assert check_providers() == []
        assert "dummy" in [provider.code for provider in registry.offered()]

    def test_allowed_on_a_developers_machine(self, settings: Any) -> None:
        settings.PAYMENT_ALLOW_TEST_PROVIDERS, settings.DEBUG = False, True
        assert check_providers() == []
        assert "dummy" in [provider.code for provider in registry.offered()]


@pytest.mark.django_db
def test_bank_details_are_edited_under_settings(home_page: object, client: Client) -> None:
    client.force_login(AdminFactory())
    url = reverse("wagtailsettings:edit", args=["payments", "banktransfersettings", Site.objects.get().pk])
    assert client.get(url).status_code == 200
    details = {"account_name": "Ipswich Retail Ltd", "sort_code": "20-00-00", "account_number": "12345678"}
    client.post(url, {**details, "bank_name": "", "iban": "", "bic": "", "days_to_pay": "10"})
    account = BankTransferSettings.current()
    assert (account.account_name, account.days_to_pay, account.is_complete) == ("Ipswich Retail Ltd", 10, True)
    client.post(url, {**details, "account_number": "", "bank_name": "", "iban": "", "bic": "", "days_to_pay": "0"})
    assert BankTransferSettings.current().is_complete


@pytest.mark.django_db
class TestWaysToPay:
    """What editors make of what is installed."""

    def offer(self, site: Site, *ways: dict[str, str]) -> list[tuple[str, str, str]]:
        setting = PaymentSettings.for_site(site)
        setting.ways = [("way", way) for way in ways]
        setting.full_clean()
        setting.save()
        return [(provider.code, provider.label, provider.description) for provider in registry.offered()]

    def test_order_names_and_descriptions(self, site: Site, settings: Any) -> None:
        settings.PAYMENT_PROVIDERS = [DUMMY, INVOICE]
        assert [provider.code for provider in registry.offered()] == ["dummy", "invoice"]
        transfer = {"provider": "invoice", "label": "By transfer", "description": "Two days more."}
        assert self.offer(site, transfer, {"provider": "dummy"}) == [
            ("invoice", "By transfer", "Two days more."),
            ("dummy", "Test card", DummyProvider.description),
        ]
        assert registry.provider_for("invoice").label == "Bank transfer"
        assert [code for code, _, _ in self.offer(site, {"provider": "dummy"})] == ["dummy"]

    def test_what_is_not_installed_any_more_is_left_out(self, site: Site, settings: Any) -> None:
        settings.PAYMENT_PROVIDERS = [DUMMY, INVOICE]
        self.offer(site, {"provider": "dummy"}, {"provider": "invoice"})
        settings.PAYMENT_PROVIDERS = [INVOICE]
        assert [provider.code for provider in registry.offered()] == ["invoice"]
        self.offer_only_what_is_gone(site)
        assert [provider.code for provider in registry.offered()] == ["invoice"]

    def offer_only_what_is_gone(self, site: Site) -> None:
        setting = PaymentSettings.for_site(site)
        setting.ways = [("way", {"provider": "dummy"})]
        setting.save()

    def test_twice_is_a_mistake(self, site: Site, settings: Any) -> None:
        settings.PAYMENT_PROVIDERS = [DUMMY, INVOICE]
        with pytest.raises(ValidationError, match="can be in the list once"):
            self.offer(site, {"provider": "dummy"}, {"provider": "dummy"})

    def test_editors_find_it(self, site: Site, client: Client) -> None:
        client.force_login(AdminFactory())
        page = client.get(reverse("wagtailsettings:edit", args=["payments", "paymentsettings", site.pk]))
        assert page.status_code == 200
        assert "In the order in which buyers see them." in page.content.decode()

    def test_what_buyers_are_offered_now_is_said(self, site: Site, client: Client, settings: Any) -> None:
        client.force_login(AdminFactory())
        url = reverse("wagtailsettings:edit", args=["payments", "paymentsettings"])

        def said(address: str) -> str:
            soup = BeautifulSoup(client.get(address, follow=True).content, "html.parser")
            return " ".join(soup.get_text(" ", strip=True).split())

        settings.PAYMENT_PROVIDERS = [INVOICE, DUMMY]
        missing = "Your account is missing in Settings, Bank transfer: buyers read that you will write to them."
        assert f"Bank transfer {missing} Test card For trying the shop out: no money moves." in said(url)
        assert f"Ways to pay Bank transfer: {missing}" in said("/admin/")

        settings.PAYMENT_PROVIDERS = [INVOICE]
        BankTransferSettings.objects.create(site=site, account_name="Cornhill", iban="GB33BUKB20201555555555")
        assert "Ways to pay Bank transfer. " in f"{said('/admin/')} "
        settings.PAYMENT_PROVIDERS = []
        assert "Nobody can pay: no way to pay is available." in said(url)
        assert "Nobody can pay: no way to pay is available." in said("/admin/")
