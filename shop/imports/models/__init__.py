"""What imports remember: what files have said, the pictures they name, and runs that people look at before."""

from shop.imports.models.memory import FetchedPicture, ImportedProduct, WantedPicture
from shop.imports.models.run import ImportRow, ImportRun

__all__ = ["FetchedPicture", "ImportRow", "ImportRun", "ImportedProduct", "WantedPicture"]
