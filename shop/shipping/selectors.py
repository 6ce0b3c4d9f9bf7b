"""Reading ways of delivery: where the shop delivers, and what an address is offered."""

from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django_countries import countries as all_countries

from cms.selectors import shop_country
from shop.cart.contents import Cart
from shop.shipping.estimates import HERE, Supply, estimate_text, supply_of
from shop.shipping.kinds.base import Parcel
from shop.shipping.models import ClosedDay, DeliveryMethod, ShippingZone


@dataclass(frozen=True, slots=True)
class Option:
    """A way of delivery as a buyer is offered it; ``amount`` in minor units. ``place`` is where it is collected."""

    code: str
    label: str
    amount: int
    description: str = ""
    estimate: str = ""
    place: str = ""
    until_free: int | None = None

    @property
    def is_collected(self) -> bool:
        """Whether the buyer comes for it."""
        return bool(self.place)


def options_for(*, country: str, postcode: str, parcel: Parcel, supply: Supply = HERE) -> list[Option]:
    """The ways of delivery to an address, as buyers see them; two queries and one for the days that are told."""
    fitting = [(fit, zone) for zone in ShippingZone.objects.all() if (fit := zone.fits(country, postcode)) is not None]
    if not fitting:
        return []
    # Of equally close zones the first; max keeps it.
    zone = max(fitting, key=lambda pair: pair[0])[1]
    charged = [(each, each.charge(parcel)) for each in DeliveryMethod.objects.filter(zone=zone, active=True)]
    closed = closed_days() if any(method.max_days is not None for method, _ in charged) else frozenset[date]()
    return [_option(method, amount, parcel, supply, closed) for method, amount in charged if amount is not None]


def options_of(cart: Cart) -> list[Option]:
    """What this cart's buyer may choose from."""
    return options_for(
        country=cart.buyer.country or shop_country(),
        postcode=cart.buyer.postcode,
        parcel=Parcel(goods=cart.goods_total, weight=cart.weight, currency=cart.currency),
        supply=supply_of(cart),
    )


def closed_days() -> frozenset[date]:
    """The days to come, and today, on which nothing leaves and nothing arrives."""
    return frozenset(ClosedDay.objects.filter(day__gte=timezone.localdate()).values_list("day", flat=True))


def served_countries() -> list[tuple[str, str]]:
    """Code and English name of every country that some active way of delivery reaches, by name. One query."""
    methods = DeliveryMethod.objects.filter(active=True).select_related("zone")
    zones = {method.zone_id: method.zone for method in methods}.values()
    codes = {code for zone in zones for code in zone.countries}
    if any(zone.rest_of_world for zone in zones):
        closed = _without_delivery()
        return [(code, name) for code, name in all_countries if code not in closed]
    return [(code, name) for code, name in all_countries if code in codes]


def amount_until_free(cart: Cart) -> int | None:
    """How much more, in minor units, until delivery is free: 0 where it is, None where no amount makes it free."""
    return cart.delivery.until_free if cart.delivery else None


def overlaps(zone: ShippingZone) -> dict[str, str]:
    """Countries of a zone that another whole-country zone has already, with that zone's name."""
    if zone.prefixes or zone.rest_of_world:
        return {}
    taken: dict[str, str] = {}
    for other in ShippingZone.objects.exclude(pk=zone.pk).filter(rest_of_world=False):
        if not other.prefixes:
            taken |= dict.fromkeys(other.countries, other.name)
    return {code: taken[code] for code in zone.countries if code in taken}


def _option(method: DeliveryMethod, amount: int, parcel: Parcel, supply: Supply, closed: AbstractSet[date]) -> Option:
    kind = method.behaviour
    free = kind.free_from(method.arguments) if kind else None
    return Option(
        code=method.code,
        label=method.label,
        amount=amount,
        description=method.description,
        estimate=estimate_text(
            ordered=timezone.localtime(),
            min_days=method.min_days,
            max_days=method.max_days,
            cut_off=method.cut_off,
            collected=kind.collected if kind else False,
            supply=supply,
            closed=closed,
        ),
        place=kind.place(method.arguments) if kind else "",
        until_free=None if free is None else max(0, free - parcel.goods),
    )


def _without_delivery() -> set[str]:
    """Countries that have a zone, but in none of their zones a way of delivery: the rest of the world is not theirs."""
    state: dict[str, bool] = defaultdict(bool)
    for zone in ShippingZone.objects.filter(rest_of_world=False).prefetch_related("methods"):
        open_ = any(method.active for method in zone.methods.all())
        for code in zone.countries:
            # A zone of some postcodes leaves the others to the rest of the world.
            state[code] = state[code] or open_ or bool(zone.prefixes)
    return {code for code, open_ in state.items() if not open_}
