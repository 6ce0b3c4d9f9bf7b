"""What must be true of stock, orders and money at every moment, as SQL that asks for the exceptions.

Read by ``manage.py check_ledger`` and by tests after every race. Each rule selects the rows that break it and a text
that says which. The SQL is the same on SQLite and PostgreSQL.
"""

from django.db import connection

from shop.orders.ledger_rules import DESK_RULES, Rule, Violation
from shop.promotions import ledger_rules as promotions

__all__ = ["RULES", "Rule", "Violation", "violations"]

# What each order took from stock and has not put back: its lines, but of a bundle the components. Downloads have no
# stock.
TAKEN = """
    SELECT taken.order_id, taken.sku, SUM(taken.quantity) AS quantity FROM (
        SELECT line.order_id, line.sku, line.quantity - line.restocked AS quantity FROM orders_orderline line
        WHERE NOT line.digital
            AND NOT EXISTS (SELECT 1 FROM orders_orderlinecomponent part WHERE part.line_id = line.id)
        UNION ALL
        SELECT line.order_id, part.sku, part.quantity / line.quantity * (line.quantity - line.restocked) AS quantity
        FROM orders_orderlinecomponent part
        JOIN orders_orderline line ON line.id = part.line_id
        WHERE NOT part.digital
    ) taken GROUP BY taken.order_id, taken.sku
"""

RULES = (
    Rule(
        "No more units are reserved than there are or may be sold beforehand, and no number of units is negative",
        """
        SELECT sku FROM inventory_stockitem
        WHERE reserved < 0 OR backorder_limit < 0
            OR (tracked AND reserved > on_hand - unavailable + backorder_limit)
        """,
    ),
    Rule(
        "Units on hand are the sum of the stock ledger",
        """
        SELECT item.sku FROM inventory_stockitem item
        LEFT JOIN inventory_stockmovement movement ON movement.item_id = item.id
        GROUP BY item.id, item.sku, item.on_hand
        HAVING item.on_hand <> COALESCE(SUM(movement.quantity), 0)
        """,
    ),
    Rule(
        "Units at a location are the sum of its stock ledger, and no number of counted units is negative",
        """
        SELECT item.sku FROM inventory_stockitem item
        JOIN inventory_stocklocation location ON TRUE
        LEFT JOIN inventory_stocklevel level ON level.item_id = item.id AND level.location_id = location.id
        LEFT JOIN (
            SELECT item_id, location_id, SUM(quantity) AS moved FROM inventory_stockmovement
            GROUP BY item_id, location_id
        ) movement ON movement.item_id = item.id AND movement.location_id = location.id
        WHERE COALESCE(level.on_hand, 0) <> COALESCE(movement.moved, 0)
            OR (item.tracked AND COALESCE(level.on_hand, 0) < -item.backorder_limit)
        """,
    ),
    Rule(
        "Units that cannot be sold are those at locations that are not active",
        """
        SELECT item.sku FROM inventory_stockitem item
        LEFT JOIN (
            SELECT level.item_id, SUM(level.on_hand) AS asleep FROM inventory_stocklevel level
            JOIN inventory_stocklocation location ON location.id = level.location_id
            WHERE NOT location.active GROUP BY level.item_id
        ) sleeping ON sleeping.item_id = item.id
        WHERE item.unavailable <> COALESCE(sleeping.asleep, 0)
        """,
    ),
    Rule(
        "Reserved units are those of the orders that hold stock",
        f"""
        SELECT item.sku FROM inventory_stockitem item
        LEFT JOIN (
            SELECT line.sku, SUM(line.quantity) AS held FROM ({TAKEN}) line
            JOIN orders_order o ON o.id = line.order_id WHERE o.stock_state = 'reserved' GROUP BY line.sku
        ) holding ON holding.sku = item.sku
        WHERE item.reserved <> COALESCE(holding.held, 0)
        """,  # noqa: S608  (nothing in it comes from outside)
    ),
    Rule(
        "Each order's sale and return in the stock ledger are what became of its units",
        f"""
        SELECT o.number FROM orders_order o
        JOIN ({TAKEN}) line ON line.order_id = o.id
        LEFT JOIN inventory_stockitem item ON item.sku = line.sku
        LEFT JOIN inventory_stockmovement movement
            ON movement.item_id = item.id AND movement.reference = o.number AND movement.kind IN ('sale', 'return')
        GROUP BY o.id, o.number, o.stock_state, o.paid_at, line.sku, line.quantity
        HAVING COALESCE(SUM(movement.quantity), 0) <>
            CASE WHEN o.stock_state = 'sold' OR o.paid_at IS NOT NULL THEN -line.quantity ELSE 0 END
        """,  # noqa: S608  (nothing in it comes from outside)
    ),
    Rule(
        "An order's stock is where its status says",
        """
        SELECT number FROM orders_order
        WHERE stock_state <> CASE
            WHEN status = 'awaiting_payment' THEN 'reserved'
            WHEN status IN ('paid', 'fulfilled') THEN 'sold'
            ELSE 'released' END
        """,
    ),
    Rule(
        "A bundle's line takes whole bundles from stock",
        """
        SELECT o.number FROM orders_orderlinecomponent part
        JOIN orders_orderline line ON line.id = part.line_id
        JOIN orders_order o ON o.id = line.order_id
        WHERE part.quantity < 1 OR part.quantity % line.quantity <> 0
        """,
    ),
    Rule(
        "Every attempt at the checkout has one order",
        "SELECT CAST(key AS TEXT) FROM checkout_checkoutattempt WHERE order_id IS NULL",
    ),
    Rule(
        "Lines and delivery, less discounts, are the total; the parts of the tax are the tax",
        """
        SELECT o.number FROM orders_order o
        LEFT JOIN orders_orderline line ON line.order_id = o.id
        GROUP BY o.id, o.number, o.subtotal, o.discount_total, o.tax_adjustment, o.shipping_total, o.shipping_tax,
            o.tax_total, o.total
        HAVING COALESCE(SUM(line.line_total), 0) + o.shipping_total <> o.total
            OR COALESCE(SUM(line.unit_price * line.quantity), 0) <> o.subtotal
            OR COALESCE(SUM(line.discount), 0) <> o.discount_total
            OR COALESCE(SUM(line.tax_adjustment), 0) <> o.tax_adjustment
            OR COALESCE(SUM(line.tax), 0) + o.shipping_tax <> o.tax_total
        """,
    ),
    Rule(
        "No amount of an order is negative, and no tax is above what it is in",
        """
        SELECT o.number FROM orders_order o
        WHERE o.total < 0 OR o.shipping_total < 0 OR o.discount_total < 0 OR o.tax_total < 0 OR o.tax_total > o.total
        UNION
        SELECT o.number FROM orders_orderline line JOIN orders_order o ON o.id = line.order_id
        WHERE line.line_total < 0 OR line.unit_price < 0 OR line.tax < 0 OR line.tax > line.line_total
            OR line.quantity < 1
        """,
    ),
    Rule(
        "The rates of an order's tax are together its tax and its total",
        """
        SELECT o.number FROM orders_order o
        LEFT JOIN orders_ordertax rate ON rate.order_id = o.id
        GROUP BY o.id, o.number, o.tax_total, o.total
        HAVING COALESCE(SUM(rate.tax), 0) <> o.tax_total OR COALESCE(SUM(rate.net + rate.tax), 0) <> o.total
        """,
    ),
    Rule(
        "Prices with tax are never raised by tax, and those without are never lowered",
        """
        SELECT o.number FROM orders_order o JOIN orders_orderline line ON line.order_id = o.id
        WHERE line.tax_adjustment <> CASE WHEN o.prices_include_tax THEN 0 ELSE line.tax END
            AND NOT (o.prices_include_tax AND line.tax_adjustment <= 0 AND line.tax = 0 AND line.tax_rate = 0)
        """,
    ),
    Rule(
        "A paid order was paid in full, or was held for what is missing, and no more is kept for it than its total",
        """
        SELECT o.number FROM orders_order o
        LEFT JOIN payments_payment p ON p.order_id = o.id
        WHERE o.status IN ('paid', 'fulfilled')
        GROUP BY o.id, o.number, o.total
        HAVING COALESCE(MAX(p.captured + p.shortfall), 0) <> o.total
            OR SUM(p.captured - p.refunded - p.refunding) > o.total
        """,
    ),
    Rule(
        "Money taken for an order that does not stand has gone back, or is to go back",
        """
        SELECT o.number FROM payments_payment p JOIN orders_order o ON o.id = p.order_id
        WHERE o.status NOT IN ('paid', 'fulfilled') AND p.captured > p.refunded AND p.status <> 'refund_due'
        """,
    ),
    Rule(
        "Refunds are at most what was taken, and that at most what was asked for",
        """
        SELECT o.number FROM payments_payment p JOIN orders_order o ON o.id = p.order_id
        WHERE p.refunded < 0 OR p.refunding < 0 OR p.refunded + p.refunding > p.captured OR p.captured > p.amount
            OR p.shortfall < 0 OR (p.shortfall > 0 AND o.held_for = '')
            OR p.amount <> o.total OR p.currency <> o.currency
        """,
    ),
    Rule(
        "What a payment has given back, or is about to, are its refunds",
        """
        SELECT o.number FROM payments_payment p JOIN orders_order o ON o.id = p.order_id
        LEFT JOIN payments_refund r ON r.payment_id = p.id
        GROUP BY p.id, o.number, p.refunded, p.refunding
        HAVING COALESCE(SUM(CASE WHEN r.status = 'settled' THEN r.amount ELSE 0 END), 0) <> p.refunded
            OR COALESCE(SUM(CASE WHEN r.status = 'requested' THEN r.amount ELSE 0 END), 0) <> p.refunding
        """,
    ),
    Rule(
        "What a payment company told us has been dealt with",
        "SELECT event_id FROM payments_providerevent WHERE processed_at IS NULL",
    ),
    Rule(
        "A payment's amounts are what its state says",
        """
        SELECT o.number FROM payments_payment p JOIN orders_order o ON o.id = p.order_id
        WHERE p.captured + p.shortfall
                <> CASE WHEN p.status IN ('captured', 'refund_due', 'refunded') THEN p.amount ELSE 0 END
            OR (p.status = 'refunded' AND p.refunded <> p.captured)
            OR (p.status IN ('captured', 'refund_due') AND p.amount > 0 AND p.refunded = p.captured)
        """,
    ),
    Rule(
        "An order that waits for its payment has one that is open, and no other order has",
        """
        SELECT o.number FROM orders_order o
        LEFT JOIN payments_payment p
            ON p.order_id = o.id AND p.status IN ('created', 'needs_confirmation', 'pending', 'authorised')
        GROUP BY o.id, o.number, o.status
        HAVING COUNT(p.id) <> CASE WHEN o.status = 'awaiting_payment' THEN 1 ELSE 0 END
        """,
    ),
    *DESK_RULES,
    Rule(
        "Credit notes are at most what the order's invoice is over, and at most what went back",
        """
        SELECT o.number FROM orders_order o
        JOIN (
            SELECT order_id, SUM(amount) AS amount FROM orders_document WHERE kind = 'credit_note' GROUP BY order_id
        ) credited ON credited.order_id = o.id
        LEFT JOIN (
            SELECT order_id, SUM(refunded) AS amount FROM payments_payment GROUP BY order_id
        ) back ON back.order_id = o.id
        WHERE credited.amount > o.total OR credited.amount > COALESCE(back.amount, 0)
        """,
    ),
    Rule(
        "An order's history ends in the state that it is in",
        """
        SELECT o.number FROM orders_order o
        WHERE o.status <> COALESCE((
            SELECT event.to_status FROM orders_orderevent event
            WHERE event.order_id = o.id AND event.to_status <> '' ORDER BY event.id DESC LIMIT 1
        ), '')
        """,
    ),
    *(Rule(sentence, sql) for sentence, sql in promotions.RULES),
)


# All rules as one statement, of rows (number of the rule, text): one look at a shop that goes on selling.
STATEMENT = f"""
    WITH {", ".join(f"rule_{number}(place) AS ({rule.sql})" for number, rule in enumerate(RULES))}
    {" UNION ALL ".join(f"SELECT {number}, CAST(place AS TEXT) FROM rule_{number}" for number in range(len(RULES)))}
"""  # noqa: S608  (nothing in it comes from outside)


def violations(statement: str = STATEMENT) -> list[Violation]:
    """Every row that breaks a rule; none in a shop that is in order. ``statement`` may be ``STATEMENT``, prepared."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [Violation(RULES[number].sentence, place) for number, place in cursor.fetchall()]
