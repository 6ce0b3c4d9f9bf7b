"""Orders that were placed before get their tax by rate, from their own lines and delivery."""

from django.db import migrations

BACKFILL = """
    INSERT INTO orders_ordertax (order_id, rate, net, tax)
    SELECT part.order_id, part.rate, SUM(part.net), SUM(part.tax) FROM (
        SELECT order_id, tax_rate AS rate, line_total - tax AS net, tax FROM orders_orderline
        UNION ALL
        SELECT id, shipping_tax_rate, shipping_total - shipping_tax, shipping_tax FROM orders_order
    ) part
    GROUP BY part.order_id, part.rate
    HAVING SUM(part.net) > 0 OR SUM(part.tax) > 0
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_delivery_and_tax")]

    operations = [migrations.RunSQL(BACKFILL, migrations.RunSQL.noop)]
