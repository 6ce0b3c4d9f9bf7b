"""Reading and writing reviews. Reading is the same for everyone; writing has pages of its own, never cached."""

from django.core.paginator import EmptyPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cms.limits import Limit, client_address
from cms.restrictions import public
from shop.catalog.models import ProductPage
from shop.orders.models import Order
from shop.reviews import services
from shop.reviews.forms import ReviewForm
from shop.reviews.links import order_of_token
from shop.reviews.selectors import bars, bought_products, has_bought, published, reviewed
from shop.reviews.services import ReviewRefused

PER_PAGE = 10
PAGE_DIGITS_MOST = 6
MAX_AGE = 300  # seconds
HOUR = 3600  # seconds
# A household may review a whole order; a flood may not. Who tried is kept as a keyed hash, in the cache only.
PER_ADDRESS = Limit("review-address", 10, HOUR)
PER_AUTHOR = Limit("review-author", 5, HOUR)


@cache_control(max_age=MAX_AGE)
@require_safe
def reviews(request: HttpRequest, product_id: int) -> HttpResponse:
    """All published reviews of a product, newest first, in pages; ``?page=2``. 404 beyond the last page."""
    product = _product(product_id)
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) <= PAGE_DIGITS_MOST):
        number = "1"
    paginator = Paginator(published(product_id=product.pk), PER_PAGE)
    try:
        page_obj = paginator.page(max(int(number), 1))
    except EmptyPage as error:
        raise Http404("There are no so many reviews.") from error
    context = {
        "product": product,
        "row": getattr(product, "listing", None),
        "bars": bars(product_id=product.pk),
        "page_obj": page_obj,
        "page_range": list(paginator.get_elided_page_range(page_obj.number)),
        "query_prefix": "",
    }
    return render(request, "pages/reviews/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, product_id: int) -> HttpResponse:
    """The form. ``?order=`` carries the signed part of an invitation: then the buyer is verified."""
    product = _product(product_id)
    order = order_of_token(request.GET.get("order", ""))
    if order is not None and not has_bought(order=order, product_id=product.pk):
        order = None
    if request.method != "POST":
        initial = {"name": order.name.split(" ")[0]} if order else {}
        return _private(_form_page(request, product, order, ReviewForm(initial=initial)))
    form = ReviewForm(request.POST)
    if order:
        # The letter went to this address: whoever has the link need not tell it again, and cannot change it.
        form.fields["email"].required = False
    if form.is_from_a_robot:
        # Told nothing, it learns nothing.
        return redirect(_thanks_url(product, order))
    if form.is_valid():
        author = order.email if order else form.cleaned_data["email"]
        if not (PER_ADDRESS.allows(client_address(request)) and PER_AUTHOR.allows(author.casefold())):
            form.add_error(None, f"That were many reviews. Try again in {PER_ADDRESS.minutes_left} minutes.")
            return _private(_form_page(request, product, order, form, status=429))
        values = form.values() | ({"email": order.email} if order else {})
        try:
            services.submit(product_id=product.pk, order=order, **values)
        except ReviewRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(_thanks_url(product, order))
    return _private(_form_page(request, product, order, form, status=422))


@never_cache
@require_safe
def thanks(request: HttpRequest, product_id: int) -> HttpResponse:
    """After a review was written: it is read before it is published."""
    order = order_of_token(request.GET.get("order", ""))
    context = {"product": _product(product_id), "token": request.GET.get("order", "") if order else ""}
    return _private(render(request, "pages/reviews/thanks.html", context))


@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an order's buyer can review; 404 for a link that is none."""
    order = order_of_token(token)
    if order is None:
        return _private(render(request, "pages/reviews/link_problem.html", status=404))
    done = reviewed(order=order)
    products = [(product, product.pk in done) for product in bought_products(order=order)]
    context = {"order": order, "products": products, "token": token}
    return _private(render(request, "pages/reviews/invitation.html", context))


def _product(product_id: int) -> ProductPage:
    """Raises Http404 for what shoppers cannot see."""
    products: QuerySet[ProductPage] = public(ProductPage.objects.live()).select_related("listing")
    product: ProductPage = get_object_or_404(products, id=product_id)
    return product


def _form_page(
    request: HttpRequest, product: ProductPage, order: Order | None, form: ReviewForm, status: int = 200
) -> HttpResponse:
    context = {"product": product, "order": order, "form": form, "token": request.GET.get("order", "") if order else ""}
    return render(request, "pages/reviews/write.html", context, status=status)


def _thanks_url(product: ProductPage, order: Order | None) -> str:
    from shop.reviews.links import invitation_token

    url = reverse("reviews:thanks", args=[product.pk])
    return f"{url}?order={invitation_token(order=order)}" if order else url


def _private(response: HttpResponse) -> HttpResponse:
    """No search engine lists it, and no other site learns its address."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
