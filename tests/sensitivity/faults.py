"""The faults: where they are put, what they take out, and a test that has to notice."""

from tests.sensitivity.fault import Fault
from tests.sensitivity.row_locks import IN_ACCOUNTS, IN_GOODS, LOCKS

REFUSALS = "tests/test_refusals.py"
STRIPE = "shop/payments/tests/test_stripe.py"
SERVICES = "shop/payments/tests/test_services.py"
SAME = "shop/checkout/tests/test_same_order.py"


CHECKS = (
    Fault(
        "refunds above what was taken",
        "shop/payments/refunds.py",
        "if amount > payment.refundable:",
        "if amount > payment.amount:",
        f"{REFUSALS}::test_more_than_is_left_of_a_payment",
    ),
    Fault(
        "a refund's key is not looked up",
        "shop/payments/refunds.py",
        "if known := Refund.objects.filter(idempotency_key=key).first():",
        "if known := Refund.objects.none().first():",
        f"{REFUSALS}::test_the_same_form_again_goes_through",
    ),
    Fault(
        "a refund made at Stripe is not held below what was taken",
        "shop/payments/refunds.py",
        "if not 0 < news.amount <= payment.refundable:",
        "if not 0 < news.amount:",
        f"{REFUSALS}::test_more_than_is_left_at_the_payment_company",
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
        f"{STRIPE}::TestEvents::test_the_same_message_twice_is_stored_once",
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
        f"{REFUSALS}::test_more_than_is_on_the_shelf",
    ),
    Fault(
        "one browser's cart comes in twice",
        "shop/cart/saved.py",
        "brought = {} if digest in sources else cart_items(session)",
        "brought = cart_items(session)",
        f"{IN_ACCOUNTS}::TestCartsAtTheLogin::test_two_tabs_of_one_browser_add_nothing_twice",
        postgres=True,
    ),
    Fault(
        "a guest's order is taken over twice",
        "shop/orders/personal_data.py",
        "Order.objects.filter(customer=None, email=email).update",
        "Order.objects.filter(email=email).update",
        f"{IN_ACCOUNTS}::test_a_guest_s_order_becomes_the_order_of_one",
        postgres=True,
    ),
    Fault(
        "a letter about stock is not claimed",
        "shop/stock_alerts/letters.py",
        "if not _waiting().filter(pk=pk).update(",
        "if not StockAlert.objects.filter(pk=pk).update(",
        f"{IN_GOODS}::test_a_letter_is_sent_by_the_worker_that_claims_it",
        postgres=True,
    ),
)

FAULTS = (*CHECKS, *LOCKS)
