"""The site's address follows from one command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Site

from home.models import HomePage


@pytest.mark.django_db
def test_links_follow_the_address(home_page: HomePage) -> None:
    output = StringIO()
    call_command("set_address", "http://localhost:8123", stdout=output)
    assert output.getvalue() == "The site's address is http://localhost:8123\n"
    assert HomePage.objects.get().full_url == "http://localhost:8123/"
    call_command("set_address", "https://shop.example/", stdout=StringIO())
    assert HomePage.objects.get().full_url == "https://shop.example/"


@pytest.mark.django_db
def test_an_address_that_is_right_already_is_left_alone(site: Site) -> None:
    output = StringIO()
    call_command("set_address", "http://testserver", stdout=output)
    assert output.getvalue() == ""


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["shop.example", "ftp://shop.example", "https://", "https://shop.example/shop", "//x"])
def test_what_is_no_address_is_refused(site: Site, url: str) -> None:
    with pytest.raises(CommandError, match="is not an address"):
        call_command("set_address", url)


@pytest.mark.django_db
def test_without_a_site_it_says_so() -> None:
    Site.objects.all().delete()
    with pytest.raises(CommandError, match="no default site yet"):
        call_command("set_address", "https://shop.example")
