"""What a person did as a guest becomes the account's, once the address is shown to be theirs.

The rooms that know guests by their address register; registering twice is refused.
"""

from collections.abc import Callable

from shop.accounts.models import User
from shop.accounts.privacy import person_of

# The account and one of its confirmed addresses, lower case -> how much became the account's.
Claimer = Callable[[User, str], int]


class AlreadyRegistered(RuntimeError):
    """Two claimers have the same code."""


class ClaimRegistry:
    """Who hands over what guests have left."""

    def __init__(self) -> None:
        self._claimers: dict[str, Claimer] = {}

    def register(self, code: str, claimer: Claimer) -> None:
        """Add a claimer. Raises AlreadyRegistered for a code that is taken."""
        if code in self._claimers:
            raise AlreadyRegistered(f"A claimer {code!r} is registered already.")
        self._claimers[code] = claimer

    def claim(self, user: User) -> int:
        """Hand over everything that has one of the account's confirmed addresses; gives how much it was."""
        emails = person_of(user).emails
        return sum(claimer(user, email) for claimer in self._claimers.values() for email in emails)


registry = ClaimRegistry()
