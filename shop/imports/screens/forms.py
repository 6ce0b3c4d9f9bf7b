"""The form that brings a file."""

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from shop.catalog.models import CategoryPage
from shop.imports.models import ImportRun
from shop.imports.pictures.archive import PictureArchive
from shop.imports.pictures.fetching import PictureError

# Bytes of one upload; larger files go in by ``manage.py import_products``.
FILE_MOST = 512 * 1024**2
ENDINGS = (".csv", ".tsv", ".txt", ".gz", ".xlsx")


class CategoryChoice(forms.ModelChoiceField):
    """Categories by their place in the tree."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{'– ' * max(obj.depth - 3, 0)}{obj.title}"


def top_categories() -> Any:
    """The two uppermost levels: where whole ranges go."""
    top = CategoryPage.objects.order_by("depth").values_list("depth", flat=True).first() or 0
    return CategoryPage.objects.filter(depth__lte=top + 1).order_by("path")[:500]


class UploadForm(forms.ModelForm):
    """A product file, and what is to be done with it."""

    # By "id": a number too large for the database is no choice then, where a page's own key would be an error.
    category = CategoryChoice(
        queryset=CategoryPage.objects.none(), required=False, empty_label="The shop's own", to_field_name="id"
    )
    publish = forms.TypedChoiceField(
        choices=[("yes", "Live, as the file says"), ("no", "As drafts: editors publish")],
        coerce=lambda value: value == "yes",
        initial="yes",
        label="New products and changed words",
        widget=forms.RadioSelect,
        help_text="Prices and stock have no drafts: they change when the import is applied.",
    )

    class Meta:
        model = ImportRun
        fields = ["file", "category", "publish", "overwrite", "pictures", "archive"]
        labels = {
            "file": "Product file",
            "category": "Into the category",
            "overwrite": "Take everything from the file, also what was changed in the shop since the last import",
            "pictures": "Fetch the pictures that the file names",
            "archive": "Pictures in a ZIP file",
        }
        help_texts = {
            "file": "CSV (Shopify, WooCommerce or Cornhill, plain or gzip) or a Cornhill XLSX workbook.",
            "archive": "For files that name pictures by file name. Leave it out where they have web addresses.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # for the type checker
        field.queryset = CategoryPage.objects.filter(pk__in=[page.pk for page in top_categories()]).order_by("path")
        self.fields["file"].widget.attrs["accept"] = ",".join(ENDINGS)
        self.fields["archive"].widget.attrs["accept"] = ".zip"

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if not str(file.name).lower().endswith(ENDINGS):
            raise forms.ValidationError("Choose a CSV file (plain or .gz) or an XLSX workbook.")
        if (file.size or 0) > FILE_MOST:
            raise forms.ValidationError("The file is too large to upload. Import it with manage.py import_products.")
        return file

    def clean_archive(self) -> Any:
        archive = self.cleaned_data.get("archive")
        if archive:
            try:
                with PictureArchive(archive.file):
                    pass
            except PictureError as error:
                raise forms.ValidationError(str(error)) from None
            archive.seek(0)
        return archive

    def save(self, commit: bool = True) -> Any:
        self.instance.file_name = PurePosixPath(str(self.cleaned_data["file"].name).replace("\\", "/")).name[:255]
        if self.cleaned_data.get("archive"):
            self.instance.pictures = True
        return super().save(commit=commit)
