"""What the demo shop knows of its goods behind the scenes: a second location, reorder points, costs, a proposal."""

from django.contrib.auth.models import Group

from cms.selectors import shop_currency
from demo.people import EDITOR
from shop.accounts.models import User
from shop.catalog.models import Variant
from shop.inventory.levels import default_location
from shop.inventory.locations import transfer
from shop.inventory.models import StockItem, StockLocation
from shop.money import included_tax
from shop.pricing.costs import set_costs
from shop.pricing.models import PriceThreshold
from shop.pricing.proposing import Wanted, propose
from shop.pricing.selectors import current_quotes

FLOOR = "FLOOR"
REORDER_AT = 5
# SKUs of which some stand in the shop itself, and how large a share of them.
ON_SHOW, SHARE = 12, 4
# What the shop pays for a thing, per cent of its price without tax at the usual rate.
COST_PERCENT, TAX_RATE = 45, 2000
ALONE_PERCENT = 25
PROPOSED, RISE_PERCENT = 4, 5


def load_stockroom() -> None:
    """All of it once: whoever has changed it keeps it."""
    if StockLocation.objects.filter(code=FLOOR).exists():
        return
    StockItem.objects.filter(reorder_point=None, tracked=True).update(reorder_point=REORDER_AT)
    floor = StockLocation.objects.create(name="Shop floor", code=FLOOR, position=1)
    for item in StockItem.objects.filter(tracked=True, on_hand__gte=2 * SHARE).order_by("sku")[:ON_SHOW]:
        transfer(
            sku=item.sku,
            quantity=item.on_hand // SHARE,
            source=default_location(),
            target=floor,
            reason="On show in Tacket Street",
        )
    _load_costs()
    managers = Group.objects.filter(name="Shop managers").first()
    if managers:
        PriceThreshold.objects.get_or_create(group=managers, defaults={"percent": ALONE_PERCENT})
    _load_proposal()


def _load_costs() -> None:
    currency = shop_currency()
    quotes = current_quotes(list(Variant.objects.values_list("pk", flat=True)))
    net = {pk: quote.amount - included_tax(quote.amount, TAX_RATE) for pk, quote in quotes.items()}
    set_costs(costs={pk: amount * COST_PERCENT // 100 for pk, amount in net.items()}, currency=currency)


def _load_proposal() -> None:
    """Tom would like some prices to rise; somebody else may approve it."""
    currency = shop_currency()
    variants = {variant.pk: variant for variant in Variant.objects.order_by("sku")[: 4 * PROPOSED]}
    quotes = current_quotes(list(variants))
    wanted = [
        Wanted(variants[pk].sku, quote.amount * (100 + RISE_PERCENT) // 100)
        for pk, quote in quotes.items()
        if quote.compare_at is None
    ]
    if wanted:
        propose(
            title="Dearer clay and linen",
            wanted=wanted[:PROPOSED],
            currency=currency,
            user=User.objects.filter(email=EDITOR).first(),
            source="prices-of-the-makers.csv",
        )
