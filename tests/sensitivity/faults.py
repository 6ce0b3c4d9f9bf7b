"""The faults: where they are put, what they take out, and a test that has to notice."""

from dataclasses import dataclass

REFUNDS = "shop/payments/tests/test_refunds.py"
STRIPE = "shop/payments/tests/test_stripe.py"
SERVICES = "shop/payments/tests/test_services.py"
SAME = "shop/checkout/tests/test_same_order.py"
STOCK = "shop/inventory/tests/test_services.py"
RACES = "shop/checkout/tests/test_payment_races.py"


@dataclass(frozen=True, slots=True)
class Fault:
    """In ``file`` the one place that reads ``old`` becomes ``new``; ``test`` fails then. Some need PostgreSQL."""

    name: str
    file: str
    old: str
    new: str
    test: str
    postgres: bool = False


FAULTS = (
    Fault(
        "refunds above what was taken",
        "shop/payments/refunds.py",
        "if amount > payment.refundable:",
        "if amount > payment.amount:",
        f"{REFUNDS}::test_what_is_promised_cannot_be_promised_again",
    ),
    Fault(
        "a refund's key is not looked up",
        "shop/payments/refunds.py",
        "if known := Refund.objects.filter(idempotency_key=key).first():",
        "if known := Refund.objects.none().first():",
        f"{REFUNDS}::test_the_same_key_is_the_same_refund",
    ),
    Fault(
        "a refund made at Stripe is not held below what was taken",
        "shop/payments/refunds.py",
        "if not 0 < news.amount <= payment.refundable:",
        "if not 0 < news.amount:",
        f"{STRIPE}::TestRefunds::test_one_that_stripe_refuses_fails_and_leaves_room",
    ),
    Fault(
        "a refund goes to Stripe without its key",
        "shop/payments/providers/stripe.py",
        'options: Any = {"idempotency_key": str(refund.idempotency_key)}',
        "options: Any = {}",
        f"{STRIPE}::TestRefunds::test_a_lost_answer_moves_money_once",
    ),
    Fault(
        "a payment goes to Stripe without its key",
        "shop/payments/providers/stripe.py",
        'options: Any = {"idempotency_key": str(payment.idempotency_key)}',
        "options: Any = {}",
        f"{STRIPE}::TestOutage::test_nothing_is_assumed_and_the_same_press_goes_on",
    ),
    Fault(
        "signatures are not checked",
        "shop/payments/providers/stripe.py",
        'raise EventRefused("It is not signed with any of STRIPE_WEBHOOK_SECRETS.")',
        "return",
        f"{STRIPE}::TestEvents::test_signatures",
    ),
    Fault(
        "what is authorised is not captured",
        "shop/payments/services.py",
        "if payment.status != PaymentStatus.AUTHORISED:",
        "if payment.status:",
        f"{STRIPE}::TestPaying::test_manual_capture_stores_the_authorisation_first",
    ),
    Fault(
        "old news moves a payment",
        "shop/payments/services.py",
        "if outcome.status not in ANSWERS or not moves_on(payment.status, outcome.status):",
        "if outcome.status not in ANSWERS:",
        f"{SERVICES}::TestOldNews",
    ),
    Fault(
        "money for a closed order is kept",
        "shop/payments/services.py",
        'owe(order, payment, reason="The order was closed before the money came.")',
        "pass",
        f"{SERVICES}::TestConfirm::test_the_order_was_given_up_while_the_bank_took_the_money",
    ),
    Fault(
        "a message that came before is not recognised",
        "shop/payments/events.py",
        "event_id=event.id,",
        'event_id=f"{event.id}-{timezone.now().timestamp()}",',
        f"{STRIPE}::TestEvents::test_three_times_each_in_any_order",
    ),
    Fault(
        "a message is found by Stripe's name only",
        "shop/payments/events.py",
        "found = payments.filter(idempotency_key=event.key).first() if event.key else None",
        "found = None",
        f"{STRIPE}::TestEvents::test_an_event_before_our_own_record_finds_the_payment_by_our_key",
    ),
    Fault(
        "a dispute moves back",
        "shop/payments/events.py",
        "if DISPUTE_RANK[status] <= DISPUTE_RANK[payment.dispute]:",
        "if status == payment.dispute:",
        f"{STRIPE}::TestEvents::test_a_dispute_is_shown_and_moves_forward_only",
    ),
    Fault(
        "the reconciler gives up what is just being started",
        "shop/payments/reconcile.py",
        "if payment.status == PaymentStatus.CREATED and outcome.status not in DECIDED:",
        "if outcome.status == PaymentStatus.CREATED:",
        "shop/payments/tests/test_sweeper.py::TestReconciler::test_what_is_just_being_started_is_left_alone",
    ),
    Fault(
        "overdue payments are not cancelled at the provider",
        "shop/payments/services.py",
        "outcome = provider_for(payment.provider).cancel(payment=payment)",
        "outcome = Outcome.cancelled()",
        f"{STRIPE}::TestOutage::test_an_outage_leaves_the_order_and_then_it_expires",
    ),
    Fault(
        "what the buyer saw is not compared",
        "shop/checkout/services.py",
        "if cart.fingerprint != seen or cart.is_undeliverable or _chosen_otherwise(cart):",
        "if cart.is_undeliverable or _chosen_otherwise(cart):",
        f"{SAME}::TestWhatWasSeen::test_a_price_that_moved_is_shown_first",
    ),
    Fault(
        "stock is reserved without looking",
        "shop/inventory/services.py",
        "rows = StockItem.objects.filter(enough, pk=item.pk)",
        "rows = StockItem.objects.filter(pk=item.pk)",
        f"{STOCK}::test_the_last_unit_is_reserved_once",
    ),
    Fault(
        "an order is not locked",
        "shop/orders/locks.py",
        "return Order.objects.select_for_update().get(pk=order_id)",
        "return Order.objects.get(pk=order_id)",
        f"{RACES}::test_many_partial_refunds_at_once",
        postgres=True,
    ),
)
