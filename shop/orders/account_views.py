"""Orders in the account area: a list, the way to each, and buying the same again."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from shop.cart import services as cart
from shop.cart.views import SUCCESS, leave_notice, tell_count
from shop.orders.links import order_path
from shop.orders.models import Order

PAGE_SIZE = 20


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    orders = Order.objects.filter(customer_id=request.user.pk).prefetch_related("lines")
    page = Paginator(orders, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "pages/orders/my_orders.html", {"orders": page.object_list, "page": page})


@login_required
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """To the order's own page, by a link that is good from now on."""
    return redirect(order_path(order=_order(request, number)))


@login_required
@require_POST
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Put what is still sold of an order into the cart, and say what is not."""
    put, missing = 0, []
    for line in _order(request, number).lines.all():
        try:
            cart.add(session=request.session, sku=line.sku, quantity=min(line.quantity, cart.MAX_QUANTITY_PER_LINE))
            put += 1
        except cart.CartError as refused:
            missing.append(f"{line.title}: {refused}")
    words = ["What is still sold of it is in your cart." if missing else "It is all in your cart again."] if put else []
    leave_notice(request, " ".join([*words, *missing]), SUCCESS if put else "error")
    response = redirect("cart:detail")
    tell_count(request, response)
    return response


def _order(request: HttpRequest, number: str) -> Order:
    """One of the account's own; another person's does not exist here."""
    found = Order.objects.filter(customer_id=request.user.pk, number=number).first()
    if found is None:
        raise Http404("There is no such order.")
    return found
