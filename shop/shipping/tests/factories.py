"""Zones and ways of delivery for tests."""

from typing import Any

from shop.shipping.models import DeliveryMethod, ShippingZone


def make_zone(name: str, *countries: str, **fields: Any) -> ShippingZone:
    """A zone of these countries; of the rest of the world without any."""
    fields.setdefault("rest_of_world", not countries)
    return ShippingZone.objects.create(name=name, countries=list(countries), **fields)


def make_method(zone: ShippingZone, label: str = "By post", kind: str = "flat", **fields: Any) -> DeliveryMethod:
    """A way of delivery: a flat £3.95 unless something else is said. Unknown names become the kind's arguments."""
    known = {field.name for field in DeliveryMethod._meta.fields}
    arguments = {name: fields.pop(name) for name in list(fields) if name not in known}
    if kind == "flat":
        arguments.setdefault("price", 395)
    return DeliveryMethod.objects.create(zone=zone, label=label, kind=kind, arguments=arguments, **fields)


def ensure_delivery() -> None:
    """What a new shop has: £3.95 within Britain, free from £50."""
    if not ShippingZone.objects.exists():
        zone = make_zone("United Kingdom", "GB")
        make_method(zone, "Standard delivery", "free-from", price=395, free_from=5000)


def only_method(kind: str = "flat", label: str = "By post", **fields: Any) -> DeliveryMethod:
    """Britain's one way of delivery, in place of what there was."""
    DeliveryMethod.objects.all().delete()
    zone = ShippingZone.objects.filter(rest_of_world=False).first() or make_zone("United Kingdom", "GB")
    return make_method(zone, label, kind, **fields)
