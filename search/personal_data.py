"""What the search keeps: queries, of nobody. But somebody may have searched for an address of their own."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from search.models import LoggedQuery
from shop.accounts.privacy import Holder, Person


def export(person: Person) -> Any:
    """Nothing: no query is known to be a person's."""
    return []


def erase(person: Person) -> None:
    """Forget queries with one of the person's addresses in them."""
    if person.emails:
        LoggedQuery.objects.filter(reduce(or_, (Q(query__icontains=email) for email in person.emails))).delete()


SEARCH = Holder(code="search", export=export, erase=erase)
