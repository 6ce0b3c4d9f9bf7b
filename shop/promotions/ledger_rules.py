"""What must be true of promotions and their uses, as sentences with SQL that asks for the exceptions.

Part of ``manage.py check_ledger``. The SQL is the same on SQLite and PostgreSQL.
"""

RULES: tuple[tuple[str, str], ...] = (
    (
        "What promotions took off an order is what its lines have off",
        """
        SELECT o.number FROM orders_order o
        LEFT JOIN orders_orderdiscount discount ON discount.order_id = o.id
        GROUP BY o.id, o.number, o.discount_total
        HAVING COALESCE(SUM(discount.amount - discount.delivery), 0) <> o.discount_total
        """,
    ),
    (
        "A use of a promotion counts for as long as its order stands",
        """
        SELECT o.number FROM promotions_redemption redemption
        JOIN orders_order o ON o.id = redemption.order_id
        WHERE (redemption.released_at IS NULL) <> (o.status NOT IN ('cancelled', 'payment_failed'))
        """,
    ),
    (
        "Every use of a promotion is a discount of its order, and the other way round",
        """
        SELECT o.number FROM promotions_redemption redemption
        JOIN orders_order o ON o.id = redemption.order_id
        LEFT JOIN orders_orderdiscount discount ON discount.order_id = o.id
            AND discount.code = 'promotion:' || CAST(redemption.promotion_id AS TEXT)
        WHERE discount.id IS NULL OR discount.amount <> redemption.amount
        UNION
        SELECT o.number FROM orders_orderdiscount discount
        JOIN orders_order o ON o.id = discount.order_id
        LEFT JOIN promotions_redemption redemption ON redemption.order_id = o.id
            AND discount.code = 'promotion:' || CAST(redemption.promotion_id AS TEXT)
        WHERE discount.code LIKE 'promotion:%' AND redemption.id IS NULL
        """,
    ),
    (
        "Counted uses of a promotion are its uses that count, and never above the limit",
        """
        SELECT promotion.title FROM promotions_usagecounter counter
        JOIN promotions_promotion promotion ON promotion.id = counter.promotion_id
        LEFT JOIN promotions_redemption redemption
            ON redemption.promotion_id = counter.promotion_id AND redemption.released_at IS NULL
            AND counter.key IN (
                'total',
                'code:' || CAST(redemption.coupon_id AS TEXT),
                'user:' || CAST(redemption.account AS TEXT),
                'mail:' || redemption.mail
            )
        GROUP BY counter.id, promotion.title, counter.used, counter."limit"
        HAVING COUNT(redemption.id) <> counter.used OR counter.used > counter."limit"
        """,
    ),
)
