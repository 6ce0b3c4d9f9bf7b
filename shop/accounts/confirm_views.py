"""The link that confirms an address.

It shows that somebody reads that mailbox, not that they asked for the account: anybody can enter anybody's address,
choose a password, and wait for a click. So whoever follows the link in another browser than the one that asked enters
the account's password as well. Who does not know it chooses a new one, and the stranger's is gone.
"""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import EmailAddress, Login
from allauth.account.views import ConfirmEmailView as AllauthConfirmEmailView
from django.http import HttpRequest, HttpResponse

from shop.accounts.forms import ConfirmAddressForm
from shop.accounts.models import User


class ConfirmEmailView(AllauthConfirmEmailView):
    """Confirms, and logs in whoever has shown to be the same person."""

    form: ConfirmAddressForm | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        verification = self.get_object()
        address: EmailAddress = verification.email_address
        if User.objects.filter(email=address.email).exclude(pk=address.user_id).exists():
            # Somebody has made an account with it since it was asked for in this one.
            self.object = None
            return self.refuse()
        if not asked_here(request, address.user):
            self.form = ConfirmAddressForm(request.POST, user=address.user)
            if not self.form.is_valid():
                self.object = verification
                return self.refuse()
        response: HttpResponse = super().post(request, *args, **kwargs)
        address.refresh_from_db()
        if self.form is None or not address.verified:
            return response
        credentials = {"email": address.email, "password": self.form.cleaned_data["password"]}
        entered: HttpResponse = perform_password_login(request, credentials, Login(user=address.user))
        return entered

    def refuse(self) -> HttpResponse:
        """The page again, with what is wrong."""
        page: HttpResponse = self.render_to_response(self.get_context_data())
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if self.object and self.form is None and not asked_here(self.request, self.object.email_address.user):
            self.form = ConfirmAddressForm(user=self.object.email_address.user)
        return {**context, "form": self.form}


def asked_here(request: HttpRequest, user: User) -> bool:
    """Whether this browser is logged in as somebody, or has just signed up or shown their password."""
    if request.user.is_authenticated:
        return bool(request.user.pk == user.pk)
    waiting = unstash_login(request, peek=True)
    return waiting is not None and waiting.user is not None and bool(waiting.user.pk == user.pk)


confirm_email = ConfirmEmailView.as_view()
