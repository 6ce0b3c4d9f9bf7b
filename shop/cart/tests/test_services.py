"""What fits into a cart, and what is said when it does not."""

from typing import Any

import pytest

from cms import pictures
from shop.cart import services
from shop.cart.adjusters import AdjusterRegistry, AlreadyRegistered
from shop.cart.contents import Adjustment, Cart, CartLine, ProblemCode
from shop.cart.limits import MAX_LINES, MAX_QUANTITY_PER_LINE
from shop.cart.selectors import build_cart, get_cart
from shop.cart.services import CartError
from shop.catalog import listing
from shop.catalog.models import Variant
from shop.catalog.tests.factories import ImageFactory, ProductImageFactory
from shop.catalog.thumbnails import CARD
from shop.inventory import services as inventory
from tests.factories import add_variant, make_product

pytestmark = pytest.mark.django_db
Session = dict[str, Any]


@pytest.fixture(autouse=True)
def _site(home_page: object) -> None:
    pass


class TestAdd:
    def test_adds_up(self) -> None:
        make_product(sku="MUG", title="Mug")
        session: Session = {}
        assert services.add(session=session, sku="MUG", quantity=2) == "“Mug” is in your cart."
        services.add(session=session, sku="MUG")
        assert session == {"cart": {"MUG": 3}}

    def test_fewer_left_than_wanted(self) -> None:
        make_product(sku="MUG", title="Mug", stock=3)
        session: Session = {}
        assert (
            services.add(session=session, sku="MUG", quantity=5) == "Only 3 are left. We put 3 of “Mug” in your cart."
        )
        assert session["cart"] == {"MUG": 3}
        with pytest.raises(CartError, match=r"^Only 3 are left. Your cart has them already.$"):
            services.add(session=session, sku="MUG")

    def test_the_last_one(self) -> None:
        make_product(sku="MUG", title="Mug", stock=1)
        session: Session = {}
        services.add(session=session, sku="MUG")
        with pytest.raises(CartError, match=r"^Only one is left. Your cart has it already.$"):
            services.add(session=session, sku="MUG")

    def test_limit_per_line(self) -> None:
        make_product(sku="MUG", title="Mug", stock=None)
        session: Session = {}
        services.add(session=session, sku="MUG", quantity=98)
        message = services.add(session=session, sku="MUG", quantity=2)
        assert message == "You can buy at most 99 of one product. We put 99 of “Mug” in your cart."
        with pytest.raises(CartError, match=r"^You can buy at most 99 of one product\. Your cart has them already\.$"):
            services.add(session=session, sku="MUG")

    @pytest.mark.parametrize("quantity", [0, -1, MAX_QUANTITY_PER_LINE + 1, 2**63])
    def test_quantities_that_are_none(self, quantity: int) -> None:
        make_product(sku="MUG", stock=None)
        session: Session = {}
        with pytest.raises(CartError, match=r"^Enter a quantity from 1 to 99\.$"):
            services.add(session=session, sku="MUG", quantity=quantity)
        assert session == {}

    def test_limit_of_lines(self) -> None:
        make_product(sku="MUG", stock=None)
        session: Session = {"cart": {f"SKU{n}": 1 for n in range(MAX_LINES)}}
        with pytest.raises(CartError, match="at most 100 different products"):
            services.add(session=session, sku="MUG")
        session["cart"].popitem()
        services.add(session=session, sku="MUG")
        assert len(session["cart"]) == MAX_LINES

    def test_what_is_not_for_sale(self) -> None:
        make_product(sku="GONE", title="Gone", stock=0)
        make_product(sku="FREE", title="Not priced", price=None)
        make_product(sku="DRAFT", title="Draft").unpublish()
        make_product(sku="YEN", title="Abroad", currency="JPY")
        add_variant(make_product(title="Old"), sku="OLD", options=[("Size", "L")], active=False)
        messages = {}
        for sku in ("GONE", "FREE", "DRAFT", "YEN", "OLD", "NEVER"):
            with pytest.raises(CartError) as refused:
                services.add(session={}, sku=sku)
            messages[sku] = str(refused.value)
        assert messages == {
            "GONE": "“Gone” has sold out.",
            "FREE": "“Not priced” cannot be bought now.",
            "DRAFT": "“Draft” cannot be bought now.",
            "YEN": "“Abroad” cannot be bought now.",
            "OLD": "“Old” cannot be bought now.",
            "NEVER": "That product is not sold here.",
        }


class TestSetQuantity:
    def test_set_and_take_out(self) -> None:
        make_product(sku="MUG", title="Mug", stock=5)
        session: Session = {"cart": {"MUG": 1}}
        assert services.set_quantity(session=session, sku="MUG", quantity=4) == "Your cart is up to date."
        assert session["cart"] == {"MUG": 4}
        assert (
            services.set_quantity(session=session, sku="MUG", quantity=9)
            == "Only 5 are left. Your cart has 5 of “Mug” now."
        )
        services.set_quantity(session=session, sku="MUG", quantity=0)
        assert session == {}

    def test_of_a_line_that_is_gone(self) -> None:
        with pytest.raises(CartError, match="not in your cart any more"):
            services.set_quantity(session={}, sku="MUG", quantity=1)

    def test_of_what_has_sold_out_says_so_and_keeps_the_line(self) -> None:
        make_product(sku="MUG", title="Mug", stock=0)
        session: Session = {"cart": {"MUG": 2}}
        with pytest.raises(CartError, match=r"^“Mug” has sold out\.$"):
            services.set_quantity(session=session, sku="MUG", quantity=1)
        assert session["cart"] == {"MUG": 2}


def test_take_out_leaves_what_was_put_in_meanwhile() -> None:
    session: Session = {"cart": {"MUG": 3, "BOWL": 1, "LAMP": 1}}
    services.take_out(session=session, quantities={"MUG": 2, "BOWL": 1, "VASE": 4})
    assert session["cart"] == {"MUG": 1, "LAMP": 1}
    services.take_out(session=session, quantities={"MUG": 1, "LAMP": 1})
    assert session == {}


def test_clear() -> None:
    session: Session = {"cart": {"MUG": 3}, "other": 1}
    services.clear(session=session)
    assert session == {"other": 1}


class TestLines:
    """Every line that cannot be bought says why and what can be done."""

    def line(self, sku: str, quantity: int = 1, **kwargs: Any) -> CartLine:
        return build_cart(items={sku: quantity}, **kwargs).lines[0]

    def test_a_good_line(self) -> None:
        product = make_product(sku="MUG", title="Mug", price=1250, compare_at=1500, stock=10)
        line = get_cart({"cart": {"MUG": 2}}).lines[0]
        assert (line.sku, line.title, line.unit_price, line.compare_at) == ("MUG", "Mug", 1250, 1500)
        assert (line.line_total, line.amount, line.max_quantity, line.problem) == (2500, 2500, 10, None)
        assert line.url == f"/{product.slug}/"

    def test_the_picture_is_of_the_variant(self) -> None:
        product = make_product(sku="MUG")
        white, green = ImageFactory(title="White mug"), ImageFactory(title="Green mug")
        for image in (white, green):
            pictures.make(image, CARD.specs(image))
        ProductImageFactory(page=product, image=white)
        add_variant(product, sku="MUG-SEA", options=[("Colour", "Sea")], image=green)
        listing.refresh([product.pk])
        cart = get_cart({"cart": {"MUG": 1, "MUG-SEA": 1}})
        assert [line.thumbnail.alt for line in cart.lines] == ["White mug", "Green mug"]

    def test_sold_out(self) -> None:
        make_product(sku="MUG", price=1250, stock=2)
        inventory.adjust(sku="MUG", quantity=-2)
        line = self.line("MUG", 2)
        assert line.problem is not None
        assert (line.problem.code, str(line.problem), line.problem.fix_label) == (
            ProblemCode.SOLD_OUT,
            "This has sold out.",
            "Remove it",
        )
        assert (line.line_total, line.amount, line.max_quantity) == (2500, 0, 0)

    def test_fewer_left_counts_what_was_asked_for(self) -> None:
        make_product(sku="MUG", price=1250, stock=2)
        line = self.line("MUG", 3)
        assert line.problem is not None
        assert (line.problem.code, str(line.problem)) == (ProblemCode.FEWER_LEFT, "Only 2 are left.")
        assert (line.problem.fix_quantity, line.problem.fix_label) == (2, "Change to 2")
        assert line.amount == 3750

    def test_reserved_units_are_not_for_others(self) -> None:
        make_product(sku="MUG", stock=2)
        inventory.reserve({"MUG": 2})
        problem = self.line("MUG").problem
        assert problem is not None
        assert problem.code == ProblemCode.SOLD_OUT

    def test_units_that_the_visitor_holds_are_theirs(self) -> None:
        make_product(sku="MUG", stock=2)
        inventory.reserve({"MUG": 2})
        assert self.line("MUG", 2, held={"MUG": 2}).problem is None
        assert self.line("MUG", 1, held={"BOWL": 2}).problem is not None

    @pytest.mark.parametrize("how", ["unpublished", "variant switched off", "variant gone", "never was"])
    def test_no_longer_sold(self, how: str) -> None:
        product = make_product(sku="MUG", title="Mug")
        if how == "unpublished":
            product.unpublish()
        elif how == "variant switched off":
            Variant.objects.update(active=False)
        elif how == "variant gone":
            Variant.objects.all().delete()
        line = self.line("NEVER" if how == "never was" else "MUG")
        assert line.problem is not None
        assert (line.problem.code, str(line.problem)) == (ProblemCode.NOT_SOLD, "We no longer sell this.")
        assert (line.unit_price, line.line_total, line.amount, line.url) == (None, None, 0, "")
        assert line.title == {"variant gone": "MUG", "never was": "NEVER"}.get(how, "Mug")

    def test_no_price(self) -> None:
        make_product(sku="MUG", price=None)
        line = self.line("MUG")
        assert line.problem is not None
        assert line.problem.code == ProblemCode.NO_PRICE
        assert (line.line_total, line.max_quantity) == (None, 0)

    def test_stock_that_is_not_counted_never_runs_out(self) -> None:
        make_product(sku="MUG", stock=None)
        line = self.line("MUG", 99)
        assert (line.problem, line.max_quantity) == (None, 99)


class TestCart:
    def test_totals_leave_out_what_cannot_be_bought(self) -> None:
        make_product(sku="MUG", price=1250)
        make_product(sku="GONE", price=9999, stock=0)
        cart = build_cart(items={"MUG": 2, "GONE": 1, "NEVER": 3})
        assert (cart.subtotal, cart.count, cart.can_check_out) == (2500, 6, False)
        assert [line.sku for line in cart.problems] == ["GONE", "NEVER"]
        assert build_cart(items={"MUG": 2}).can_check_out

    def test_empty(self) -> None:
        cart = get_cart({})
        assert (cart.is_empty, cart.count, cart.total, cart.can_check_out, cart.adjustments) == (True, 0, 0, False, ())
        assert cart.currency == "GBP"

    def test_queries_do_not_grow_with_the_lines(self, django_assert_max_num_queries: Any) -> None:
        for number in range(12):
            make_product(sku=f"SKU{number}")
        get_cart({"cart": {"SKU0": 1}})
        for count in (2, 12):
            with django_assert_max_num_queries(9):
                get_cart({"cart": {f"SKU{number}": 1 for number in range(count)}})

    def test_the_fingerprint_changes_with_whatever_is_paid(self) -> None:
        make_product(sku="MUG", price=1250)
        make_product(sku="BOWL", price=1250)
        prints = [
            build_cart(items=items).fingerprint
            for items in ({"MUG": 1}, {"MUG": 2}, {"BOWL": 1}, {"MUG": 1, "BOWL": 1}, {"BOWL": 1, "MUG": 1})
        ]
        assert len(set(prints)) == len(prints)
        assert build_cart(items={"MUG": 1}, decorated=True).fingerprint == prints[0]


def test_adjusters_run_by_rank_and_see_what_came_before() -> None:
    line = CartLine("MUG", "Mug", "", "", None, 1000, None, 1, 9)
    registry = AdjusterRegistry()
    registry.register(
        "tax", lambda cart: cart.with_adjustments(Adjustment("tax", "Tax", cart.total // 6, included=True)), rank=90
    )
    registry.register("delivery", lambda cart: cart.with_adjustments(Adjustment("delivery", "Delivery", 200)), rank=50)
    cart = registry.adjust(Cart(lines=(line,), currency="GBP"))
    assert [(each.code, each.amount) for each in cart.adjustments] == [("delivery", 200), ("tax", 200)]
    assert (cart.subtotal, cart.total) == (1000, 1200)
    delivery = cart.adjustment("delivery")
    assert delivery is not None
    assert delivery.amount == 200
    assert cart.adjustment("gift") is None
    with pytest.raises(AlreadyRegistered):
        registry.register("tax", lambda cart: cart, rank=1)
