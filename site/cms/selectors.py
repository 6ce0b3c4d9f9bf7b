"""What other rooms ask of the site."""

from cms.chrome import Chrome, get_chrome
from cms.sites import default_site


def shop_currency() -> str:
    """ISO 4217 code of the shop's currency; no query once warm."""
    return shop_chrome().currency


def shop_country() -> str:
    """ISO 3166-1 alpha-2 code of the country that the shop is in; no query once warm."""
    return shop_chrome().country


def shop_chrome() -> Chrome:
    """What the shop settings of the default site say; no query once warm."""
    return get_chrome(default_site())
