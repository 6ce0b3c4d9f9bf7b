"""The pages of the account area. Rooms above register theirs in ``AppConfig.ready``: orders, the wishlist."""

from dataclasses import dataclass

from django.urls import reverse


class AlreadyRegistered(RuntimeError):
    """Two sections have the same code."""


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the area: a line of its menu and a card on its first page. Lower ranks come first."""

    code: str
    title: str
    summary: str
    url_name: str
    rank: int

    @property
    def url(self) -> str:
        return reverse(self.url_name)


class AreaRegistry:
    """The sections in the order of the menu."""

    def __init__(self) -> None:
        self._sections: dict[str, Section] = {}

    def register(self, section: Section) -> None:
        """Add a section. Raises AlreadyRegistered for a code that is taken."""
        if section.code in self._sections:
            raise AlreadyRegistered(f"A section {section.code!r} is registered already.")
        self._sections[section.code] = section

    def sections(self) -> list[Section]:
        """By rank."""
        return sorted(self._sections.values(), key=lambda section: (section.rank, section.code))


registry = AreaRegistry()

OWN_SECTIONS = (
    Section("addresses", "Addresses", "Where your orders go. The checkout fills them in.", "accounts:addresses", 40),
    Section("letters", "Letters", "Which letters you want from us.", "accounts:letters", 50),
    Section("email", "E-mail address", "The address you log in with, and that we write to.", "account_email", 60),
    Section("password", "Password", "Choose a new one. Other devices are logged out.", "account_change_password", 70),
    Section("second-step", "Second step and passkeys", "Keep others out, even with your password.", "mfa_index", 80),
    Section("devices", "Other devices", "Log out everywhere but here.", "accounts:devices", 85),
    Section("privacy", "Your data", "Take it with you, or delete your account.", "accounts:privacy", 90),
)


def register_own_sections() -> None:
    """The pages of this room."""
    for section in OWN_SECTIONS:
        registry.register(section)
