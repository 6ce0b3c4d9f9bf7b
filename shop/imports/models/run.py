"""An import that somebody looks at before it happens, and can take back."""

from pathlib import PurePosixPath
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models


def upload_path(run: "ImportRun", name: str) -> str:
    """A name of its own below ``imports/``, whatever the file was called."""
    suffixes = "".join(PurePosixPath(name.replace("\\", "/")).suffixes[-2:]).lower()[:20]
    return f"imports/{uuid4().hex}{suffixes}"


def private_storage() -> Storage:
    """Where no address of the site leads."""
    return storages["private"]


class ImportRun(models.Model):
    """A file on its way into the shop: compared, looked at, applied, and taken back if need be.

    ``state`` moves by conditional updates in ``runs/control.py`` only. Whoever works on a run holds its ``token`` and
    moves ``heartbeat`` with every portion, in the same transaction as the portion itself: a run whose worker died can
    be taken up by another, and goes on where the last committed portion ended.
    """

    class State(models.TextChoices):
        COMPARING = "comparing", "Comparing"
        REVIEW = "review", "To be looked at"
        APPLYING = "applying", "Applying"
        APPLIED = "applied", "Applied"
        UNDOING = "undoing", "Rolling back"
        UNDONE = "undone", "Rolled back"
        STOPPED = "stopped", "Stopped half-way"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    file = models.FileField(upload_to=upload_path, storage=private_storage, max_length=255)
    file_name = models.CharField(max_length=255)  # as it was called when uploaded
    archive = models.FileField("pictures", upload_to=upload_path, storage=private_storage, max_length=255, blank=True)
    dialect = models.CharField(max_length=60, blank=True)  # for people
    category = models.ForeignKey(
        "catalog.CategoryPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    overwrite = models.BooleanField(default=False)
    publish = models.BooleanField(default=True)  # else new products and changed words are drafts
    pictures = models.BooleanField(default=False)

    state = models.CharField(max_length=12, choices=State.choices, default=State.COMPARING)
    # What was going on when it stopped or failed, and is taken up again.
    phase = models.CharField(max_length=12, blank=True)
    progress = models.FloatField(default=0.0)  # 0 to 1
    message = models.CharField(max_length=500, blank=True)
    stop_requested = models.BooleanField(default=False)
    token = models.CharField(max_length=32, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)
    # What is to be said about the file as a whole: [[line, kind, detail], ...], the first of them.
    notes = models.JSONField(default=list)

    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True
    WORKING = frozenset({State.COMPARING, State.APPLYING, State.UNDOING})

    class Meta:
        ordering = ["-pk"]
        verbose_name = "product import"

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING


class ImportRow(models.Model):
    """One product of a run's file: what would change, whether that is wanted, and what became of it."""

    class Outcome(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Unchanged"
        REFUSED = "refused", "Refused"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPLIED = "applied", "Applied"
        STALE = "stale", "Changed meanwhile"
        FAILED = "failed", "Not applied"
        UNDONE = "undone", "Rolled back"
        KEPT = "kept", "Kept"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # place among the products of the file, from 0
    line = models.PositiveIntegerField()
    key = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=255, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    # The file came back to a product that this run makes: applied as it comes.
    continued = models.BooleanField(default=False)
    accepted = models.BooleanField(default=True)
    # [{"field": str, "sku": str, "old": any, "new": any}, ...], see ``runs/changes.py``.
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)  # [[line, kind, detail], ...]
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=500, blank=True)
    product = models.ForeignKey(
        "catalog.ProductPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # What rolling back needs beside ``changes``: statements and revision from before.
    before = models.JSONField(default=dict)
    applied_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["run", "outcome", "number"], name="import_row_outcome"),
            models.Index(fields=["run", "state", "number"], name="import_row_state"),
        ]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.title or self.key} ({self.get_outcome_display()})"
