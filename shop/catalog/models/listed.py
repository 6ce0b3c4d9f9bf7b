"""What pages that list products share."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from cms.models import BasePage

if TYPE_CHECKING:
    from shop.catalog.cards import Card


class ListingPage(BasePage):
    """A page with a listing that htmx may fetch alone."""

    # What htmx swaps when the order, a filter or the page changes.
    listing_template: ClassVar[str] = "partials/catalog/listing.html"

    # The cards that ``get_context`` chose last, and the position of the first of them in the whole listing.
    shown: "tuple[list[Card], int]" = ([], 1)
    # The address of that listing, as short as it can be written.
    listing_address: str = ""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One address has two answers: the page, and the listing alone for htmx."""
        response = super().serve(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        if getattr(request, "htmx", None) and self.listing_address:
            # A form repeats a parameter for each value; people shall see and share the short form.
            response["HX-Push-Url"] = request.path + self.listing_address.removesuffix("?")
        return response

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        htmx = getattr(request, "htmx", None)
        return self.listing_template if htmx and not htmx.history_restore_request else self.template

    def structured_data(self, request: HttpRequest | None) -> list[dict[str, Any]]:
        """The products of the page of the listing that ``get_context`` has just chosen."""
        from shop.catalog.structured_data import item_list

        shown, first = self.shown
        return [item_list(shown, self.site_root_url, first)] if shown else []
