"""The form below “Sold out”. The product's page is the same for everyone, so it carries no token: see cart.guards."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from cms.limits import Limit, client_address
from shop.cart.guards import same_origin_post
from shop.catalog.offers import registry
from shop.stock_alerts import services
from shop.stock_alerts.forms import AlertForm
from shop.stock_alerts.selectors import is_here, sold_variant

HOUR = 3600  # seconds
PER_VISITOR = Limit("stock-alert-visitor", 20, HOUR)
PER_EMAIL = Limit("stock-alert-email", 10, HOUR)

BACK = "It is back already: you can buy it now."
THANKS = "We write to you once, as soon as it is back, and then forget your address."
TOO_MANY = "You have asked very often. Please try again in {} minutes."


@never_cache
@same_origin_post
def ask(request: HttpRequest) -> HttpResponse:
    """``POST sku, email``: a page that says what happens now, or to htmx the form's place with the same words."""
    form = AlertForm(request.POST)
    valid = form.is_valid()
    variant = sold_variant(sku=form.cleaned_data.get("sku", ""))
    if variant is None:
        raise Http404("Nothing with this SKU is sold here.")
    done, status = "", 200
    if valid:
        (offer,) = registry.offers([variant])
        email = form.cleaned_data["email"]
        if not (PER_VISITOR.allows(client_address(request)) and PER_EMAIL.allows(email.lower())):
            form.add_error(None, TOO_MANY.format(PER_VISITOR.minutes_left))
            status = 429
        elif is_here(offer):
            done = BACK
        else:
            if not form.cleaned_data["website"]:
                services.ask(variant=variant, email=email)
            done = THANKS
    else:
        status = 422
    context = {"form": form, "variant": variant, "done": done, "is_back": done == BACK}
    htmx = getattr(request, "htmx", False)
    template = "partials/stock_alerts/form.html" if htmx else "pages/stock_alerts/ask.html"
    # htmx shows what comes with a success only.
    response = render(request, template, context, status=200 if htmx else status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
