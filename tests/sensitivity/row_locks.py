"""Every row lock, taken away where a test in ``tests/locks`` has to miss it."""

from tests.sensitivity.fault import Fault, lock

IN_ORDERS, IN_GOODS, IN_ACCOUNTS = (f"tests/locks/test_{name}.py" for name in ("orders", "goods", "accounts"))

LOCKS: tuple[Fault, ...] = (
    *(
        lock(
            f"an order is not locked: {test}",
            "shop/orders/locks.py",
            "return Order.objects.select_for_update().get(pk=order_id)",
            f"{IN_ORDERS}::TestOneOrder::{test}",
        )
        for test in (
            "test_the_same_units_are_sent_once",
            "test_two_units_are_taken_off_one_by_each",
            "test_what_is_being_sent_is_not_cancelled",
            "test_units_come_back_once",
            "test_a_held_order_is_released_once",
            "test_refunds_are_at_most_what_was_paid",
        )
    ),
    lock(
        "a customer is not kept while they order",
        "shop/orders/locks.py",
        "User.objects.select_for_update(no_key=True).filter",
        f"{IN_ACCOUNTS}::TestOrdering::test_an_account_that_is_just_ordering_is_not_erased",
    ),
    lock(
        "a series of documents is not locked",
        "shop/orders/locks.py",
        "return DocumentSeries.objects.select_for_update().get(kind=kind)",
        f"{IN_ORDERS}::test_invoices_have_one_number_after_the_other",
    ),
    lock(
        "orders are not locked while they are erased",
        "shop/orders/personal_data.py",
        'orders_of(person).select_for_update().order_by("pk")',
        f"{IN_ORDERS}::test_a_note_that_is_being_written_is_erased_as_well",
    ),
    lock(
        "an account is not locked while it is erased",
        "shop/accounts/privacy.py",
        "User.objects.select_for_update().get(pk=user.pk)",
        f"{IN_ACCOUNTS}::TestAddresses::test_one_that_is_just_being_added_goes_with_the_account",
    ),
    lock(
        "a promotion is not locked while its uses are counted",
        "shop/promotions/locks.py",
        "Promotion.objects.select_for_update(no_key=True).filter",
        f"{IN_ORDERS}::TestPromotions::test_two_begin_to_count_at_once",
    ),
    lock(
        "a promotion is not locked while it is used",
        "shop/promotions/locks.py",
        " FOR SHARE",
        f"{IN_ORDERS}::TestPromotions::test_counting_begins_after_a_use_that_is_under_way",
        " ",
    ),
    lock(
        "stock is not locked",
        "shop/inventory/locks.py",
        "StockItem.objects.select_for_update().filter",
        f"{IN_GOODS}::TestStock::test_both_receipts_count",
    ),
    lock(
        "a location is not locked",
        "shop/inventory/locations.py",
        "StockLocation.objects.select_for_update().get",
        f"{IN_GOODS}::TestStock::test_a_location_is_closed_once",
    ),
    lock(
        "stock is not locked while its location closes",
        "shop/inventory/locations.py",
        "StockItem.objects.select_for_update().filter",
        f"{IN_GOODS}::TestStock::test_no_location_is_closed_whose_units_are_being_promised",
    ),
    lock(
        "a price is not locked",
        "shop/pricing/locks.py",
        "Variant.objects.select_for_update().filter",
        f"{IN_GOODS}::TestPrices::test_the_same_price_is_written_once",
    ),
    lock(
        "a proposal of prices is not locked",
        "shop/pricing/proposing.py",
        "PriceProposal.objects.select_for_update().get",
        f"{IN_GOODS}::TestPrices::test_a_proposal_is_applied_by_one",
    ),
    lock(
        "a row of the listing is not locked",
        "shop/catalog/listing.py",
        "ListingRow.objects.select_for_update().filter",
        f"{IN_GOODS}::TestProducts::test_a_listing_shows_what_both_have_changed",
    ),
    lock(
        "variants are not locked",
        "shop/catalog/locks.py",
        "Variant.objects.select_for_update().filter",
        f"{IN_GOODS}::TestProducts::test_a_bundle_that_is_being_made_is_no_download",
    ),
    *(
        lock(
            f"a page is not locked: {test}",
            "shop/catalog/locks.py",
            "Page.objects.select_for_update().filter",
            f"{IN_GOODS}::TestProducts::{test}",
        )
        for test in ("test_pages_are_added_beside_each_other", "test_first_variants_are_generated_once")
    ),
    lock(
        "a picture is not locked",
        "site/cms/pictures.py",
        "type(image).objects.select_for_update().only",
        f"{IN_GOODS}::test_a_picture_has_the_sizes_of_both",
    ),
    lock(
        "a review is not locked",
        "shop/reviews/services.py",
        "rows.select_for_update().order_by",
        f"{IN_GOODS}::test_a_review_is_published_once",
    ),
    lock(
        "an account is not locked while carts meet",
        "shop/cart/saved.py",
        "User.objects.select_for_update(no_key=True).get",
        f"{IN_ACCOUNTS}::TestCartsAtTheLogin::test_two_browsers",
    ),
    lock(
        "an app's last code is not locked",
        "shop/accounts/codes.py",
        "Authenticator.objects.select_for_update().filter",
        f"{IN_ACCOUNTS}::TestSecondSteps::test_a_code_is_good_for_one_of_two",
    ),
    lock(
        "a second step is not locked while keys change",
        "shop/accounts/services.py",
        "Authenticator.objects.select_for_update().filter",
        f"{IN_ACCOUNTS}::TestSecondSteps::test_new_keys_forget_no_code_that_was_used",
    ),
    lock(
        "an account is not locked while its addresses change",
        "shop/accounts/addresses.py",
        "User.objects.select_for_update().get(pk=user.pk)",
        f"{IN_ACCOUNTS}::TestAddresses::test_the_first_one_is_the_default",
    ),
    lock(
        "rows are not locked while keys change",
        "site/cms/rotation.py",
        '" FOR UPDATE" if connection',
        f"{IN_ACCOUNTS}::TestAddresses::test_new_keys_keep_what_is_just_being_changed",
        '"" if connection',
    ),
)
