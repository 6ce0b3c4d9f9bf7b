"""Which letters somebody wants, what is held about them, and the way out."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from shop.accounts import privacy as data
from shop.accounts.adapter import compose, deliver
from shop.accounts.models import User
from shop.accounts.visitors import account_of


class LettersForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["wants_review_invitations"]
        labels = {"wants_review_invitations": "Ask me for a review after an order"}
        help_texts = {"wants_review_invitations": "One letter for each order."}


class EraseForm(forms.Form):
    sure = forms.BooleanField(
        label="Yes, delete my account for good",
        error_messages={"required": "Tick the box if you want your account deleted."},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """Letters beside those about orders and the account, which always go."""
    form = LettersForm(request.POST if request.method == "POST" else None, instance=account_of(request))
    if form.is_valid():
        form.instance.save(update_fields=LettersForm.Meta.fields)
        messages.success(request, "Your choice is saved.")
        return redirect("accounts:letters")
    return render(request, "account/letters.html", {"form": form})


@login_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Both ways, and what stands in the way of the second one."""
    return render(request, "account/privacy.html", {"hindrances": data.hindrances(user=account_of(request))})


@login_required
@reauthentication_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is held about whoever asks, as a file."""
    response = JsonResponse(
        data.export(user=account_of(request)), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Delete the account, once somebody has said twice that it is what they want."""
    user = account_of(request)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        letter = compose("account/email/account_erased", user.email, {})
        try:
            data.erase(user=user)
        except data.CannotErase as refused:
            messages.error(request, str(refused))
            return redirect("accounts:privacy")
        logout(request)
        deliver(letter)
        return render(request, "account/erased.html")
    return render(request, "account/erase.html", {"form": form, "hindrances": data.hindrances(user=user)})
