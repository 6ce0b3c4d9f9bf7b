"""What must be true of shipments, returns and documents, as SQL that asks for the exceptions.

The checkout's ledger, which sees the other rooms as well, takes these rules in: ``manage.py check_ledger``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence that is always true, and SQL that finds where it is not: one text column per row."""

    sentence: str
    sql: str


@dataclass(frozen=True, slots=True)
class Violation:
    """One row that breaks a rule."""

    rule: str
    where: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}"


DESK_RULES = (
    Rule(
        "No more units of a line are sent or taken off than were bought, come back than were sent, or are restocked "
        "than came back",
        """
        SELECT o.number FROM orders_orderline line JOIN orders_order o ON o.id = line.order_id
        WHERE line.fulfilled + line.withdrawn > line.quantity OR line.returned > line.fulfilled
            OR line.restocked > line.withdrawn + line.returned
            OR line.fulfilled < 0 OR line.withdrawn < 0 OR line.returned < 0 OR line.restocked < 0
        """,
    ),
    Rule(
        "Units that were sent are those of the shipments that count",
        """
        SELECT o.number FROM orders_orderline line
        JOIN orders_order o ON o.id = line.order_id
        LEFT JOIN (
            SELECT part.line_id, SUM(part.quantity) AS units FROM orders_fulfilmentline part
            JOIN orders_fulfilment shipment ON shipment.id = part.fulfilment_id
            WHERE shipment.cancelled_at IS NULL GROUP BY part.line_id
        ) sent ON sent.line_id = line.id
        WHERE line.fulfilled <> COALESCE(sent.units, 0)
        """,
    ),
    Rule(
        "Units that came back are those of the returns that count",
        """
        SELECT o.number FROM orders_orderline line
        JOIN orders_order o ON o.id = line.order_id
        LEFT JOIN (
            SELECT part.line_id, SUM(part.quantity) AS units, SUM(part.restocked) AS restocked
            FROM orders_returnline part
            JOIN orders_return ret ON ret.id = part.returned_id
            WHERE ret.state <> 'dropped' GROUP BY part.line_id
        ) back ON back.line_id = line.id
        WHERE line.returned <> COALESCE(back.units, 0) OR line.restocked < COALESCE(back.restocked, 0)
        """,
    ),
    Rule(
        "Shipments and returns are of lines of their own order",
        """
        SELECT o.number FROM orders_fulfilmentline part
        JOIN orders_fulfilment shipment ON shipment.id = part.fulfilment_id
        JOIN orders_orderline line ON line.id = part.line_id
        JOIN orders_order o ON o.id = shipment.order_id
        WHERE line.order_id <> shipment.order_id
        UNION
        SELECT o.number FROM orders_returnline part
        JOIN orders_return ret ON ret.id = part.returned_id
        JOIN orders_orderline line ON line.id = part.line_id
        JOIN orders_order o ON o.id = ret.order_id
        WHERE line.order_id <> ret.order_id
        """,
    ),
    Rule(
        "A sent order has nothing left to be sent, a paid one has unless it is held, and nothing of any other was sent",
        """
        SELECT o.number FROM orders_order o
        LEFT JOIN (
            SELECT order_id, SUM(fulfilled) AS sent,
                SUM(CASE WHEN digital THEN 0 ELSE quantity - fulfilled - withdrawn END) AS waiting
            FROM orders_orderline GROUP BY order_id
        ) line ON line.order_id = o.id
        WHERE (o.status = 'fulfilled' AND line.waiting <> 0)
            OR (o.status = 'paid' AND line.waiting = 0 AND o.held_at IS NULL)
            OR (o.status NOT IN ('paid', 'fulfilled') AND line.sent <> 0)
        """,
    ),
    Rule(
        "Every order that was paid has one invoice over its total, and no other order has any",
        """
        SELECT o.number FROM orders_order o
        LEFT JOIN orders_document invoice ON invoice.order_id = o.id AND invoice.kind = 'invoice'
        GROUP BY o.id, o.number, o.paid_at, o.total
        HAVING COUNT(invoice.id) <> CASE WHEN o.paid_at IS NULL THEN 0 ELSE 1 END
            OR COALESCE(SUM(invoice.amount), 0) <> CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.total END
        """,
    ),
    Rule(
        "Invoices are numbered without gaps, and so are credit notes",
        """
        SELECT series.kind FROM orders_documentseries series
        LEFT JOIN orders_document document ON document.kind = series.kind
        GROUP BY series.id, series.kind, series.last
        HAVING COUNT(document.id) <> COALESCE(MAX(document.sequence) - MIN(document.sequence) + 1, 0)
            OR COALESCE(MAX(document.sequence), 0) <> series.last
        """,
    ),
)
