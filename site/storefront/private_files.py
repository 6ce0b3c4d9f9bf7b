"""Where files are that nobody may fetch by address."""

from django.core.files.storage import FileSystemStorage


class PrivateFileSystemStorage(FileSystemStorage):
    """A folder outside the public one. Asking for an address is an error, not a link that leads nowhere."""

    def url(self, name: str | None) -> str:
        """Raises ValueError: a view that knows who may have the file hands it out."""
        raise ValueError("This file is not accessible by an address.")
