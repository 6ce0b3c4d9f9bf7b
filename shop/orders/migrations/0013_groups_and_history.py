"""Who may do what with orders, the usual carriers, and what the orders so far have been through."""

from typing import Any

from django.db import migrations

NEW = ("note", "mail", "fulfil", "return", "settle", "cancel", "refund", "export")
GONE = ("add_order", "change_order", "delete_order")
RIGHTS: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {
    "Shop managers": {
        ("wagtailadmin", "admin"): ("access_admin",),
        ("orders", "order"): ("view_order", *(f"{name}_order" for name in NEW)),
        ("orders", "carrier"): ("add_carrier", "change_carrier", "delete_carrier", "view_carrier"),
    },
    "Fulfilment": {
        ("wagtailadmin", "admin"): ("access_admin",),
        ("orders", "order"): ("view_order", "note_order", "fulfil_order"),
        ("inventory", "stockmovement"): ("view_stockmovement",),
    },
}
CARRIERS = {
    "Royal Mail": "https://www.royalmail.com/track-your-item#/tracking-results/{number}",
    "Parcelforce": "https://www.parcelforce.com/track-trace?trackNumber={number}",
    "DPD": "https://track.dpd.co.uk/search?reference={number}",
    "Evri": "https://www.evri.com/track/parcel/{number}",
    "DHL": "https://www.dhl.com/gb-en/home/tracking.html?tracking-id={number}",
    "UPS": "https://www.ups.com/track?tracknum={number}",
    "FedEx": "https://www.fedex.com/fedextrack/?trknbr={number}",
    "By hand": "",
}


def grant(apps: Any, schema_editor: Any) -> None:
    """Groups with exactly these rights on orders; what they may do elsewhere stays."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    Permission.objects.filter(content_type__app_label="orders", codename__in=GONE).delete()
    # What the order desk was for is now done by two groups; those who pack stay in the one that packs.
    if not Group.objects.filter(name="Fulfilment").exists():
        Group.objects.filter(name="Order desk").update(name="Fulfilment")
    for name, models in RIGHTS.items():
        group, _ = Group.objects.get_or_create(name=name)
        for (app_label, model), codenames in models.items():
            content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
            # Django creates permissions after the last migration: too late for a group that needs them.
            for codename in codenames:
                permission, _ = Permission.objects.get_or_create(
                    content_type=content_type,
                    codename=codename,
                    defaults={"name": f"Can {codename.replace('_', ' ')}"},
                )
                group.permissions.add(permission)


def add_carriers(apps: Any, schema_editor: Any) -> None:
    for name, address in CARRIERS.items():
        apps.get_model("orders", "Carrier").objects.get_or_create(name=name, defaults={"tracking_address": address})


def tell_history(apps: Any, schema_editor: Any) -> None:
    """Orders that were sent get a shipment, those that were cancelled after payment a stock that came back."""
    Order = apps.get_model("orders", "Order")
    OrderLine = apps.get_model("orders", "OrderLine")
    Fulfilment = apps.get_model("orders", "Fulfilment")
    FulfilmentLine = apps.get_model("orders", "FulfilmentLine")
    for order in Order.objects.filter(status="fulfilled").order_by("pk").iterator(chunk_size=500):
        lines = list(OrderLine.objects.filter(order=order, digital=False))
        if not lines:
            continue
        shipment = Fulfilment.objects.create(order=order, position=1)
        Fulfilment.objects.filter(pk=shipment.pk).update(created_at=order.closed_at or order.updated_at)
        FulfilmentLine.objects.bulk_create(
            FulfilmentLine(fulfilment=shipment, line=line, quantity=line.quantity) for line in lines
        )
        for line in lines:
            OrderLine.objects.filter(pk=line.pk).update(fulfilled=line.quantity)
    for line in OrderLine.objects.filter(order__status="cancelled", order__paid_at__isnull=False).iterator():
        OrderLine.objects.filter(pk=line.pk).update(withdrawn=line.quantity, restocked=line.quantity)


def number_invoices(apps: Any, schema_editor: Any) -> None:
    """Every order that was ever paid gets its invoice, in the order of the payments."""
    Order = apps.get_model("orders", "Order")
    Document = apps.get_model("orders", "Document")
    last = 0
    for order in Order.objects.filter(paid_at__isnull=False).order_by("paid_at", "pk").iterator(chunk_size=500):
        last += 1
        invoice = Document.objects.create(
            order=order, kind="invoice", sequence=last, number=f"INV-{last:06d}", amount=order.total
        )
        Document.objects.filter(pk=invoice.pk).update(issued_at=order.paid_at)
    if last:
        apps.get_model("orders", "DocumentSeries").objects.create(kind="invoice", last=last)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0012_fulfilments_returns_documents"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.RunPython(add_carriers, migrations.RunPython.noop),
        migrations.RunPython(tell_history, migrations.RunPython.noop),
        migrations.RunPython(number_invoices, migrations.RunPython.noop),
    ]
