"""The pages of saved addresses. Another person's address does not exist here."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.accounts import addresses
from shop.accounts.address_forms import FACTS, AddressForm, facts_of
from shop.accounts.addresses import AddressRefused
from shop.accounts.models import Address
from shop.accounts.visitors import account_of

BIGGEST_ID = 2**63 - 1


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All of them."""
    return render(request, "account/addresses.html", {"addresses": addresses.addresses_of(user=account_of(request))})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add one."""
    user = account_of(request)
    form = _form(request, {"name": f"{user.first_name} {user.last_name}".strip()})
    if form.is_valid():
        try:
            addresses.add_address(user=user, facts=form.facts, default=form.cleaned_data["default"])
        except AddressRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "The address is saved.")
        return redirect("accounts:addresses")
    return render(request, "account/address.html", {"form": form, "address": None})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one."""
    address = _address(request, pk)
    form = _form(request, facts_of(address))
    if form.is_valid():
        addresses.change_address(address=address, facts=form.facts, default=form.cleaned_data["default"])
        messages.success(request, "The address is saved.")
        return redirect("accounts:addresses")
    return render(request, "account/address.html", {"form": form, "address": address})


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one. Orders keep the address they were sent to."""
    addresses.delete_address(address=_address(request, pk))
    messages.success(request, "The address is deleted.")
    return redirect("accounts:addresses")


@login_required
@require_POST
def make_default(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the checkout fill this one in."""
    addresses.make_default(address=_address(request, pk))
    messages.success(request, "The checkout fills this address in from now on.")
    return redirect("accounts:addresses")


def _form(request: HttpRequest, known: dict[str, Any]) -> AddressForm:
    """The form with what is known, as it was sent, or, with ``update``, as another country asks for what was typed."""
    if request.method != "POST":
        return AddressForm(initial=known)
    if "update" in request.POST:
        return AddressForm(initial={name: request.POST.get(name, "") for name in (*FACTS, "default")})
    return AddressForm(request.POST, initial=known)


def _address(request: HttpRequest, pk: int) -> Address:
    found = addresses.addresses_of(user=account_of(request)).filter(pk=pk).first() if pk <= BIGGEST_ID else None
    if found is None:
        raise Http404("There is no such address.")
    return found
