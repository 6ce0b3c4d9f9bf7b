"""Keeps the public version of something before its first draft is stored."""

from typing import Any

from django.db import models
from wagtail.models import Revision


class KeepsLiveVersion(models.Model):
    """Goes before Wagtail's revision mixin or Page.

    Imported pages and brands are live without any revision. Wagtail takes something without a live revision for
    unpublished: scheduling a change of it would take it off the site until then, and there would be nothing to compare
    the change with. So the first draft is preceded by a revision of what is public.
    """

    class Meta:
        abstract = True

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """As Wagtail's."""
        this: Any = self
        if this.pk and this.latest_revision_id is None and (stored := self._stored_live_version()) is not None:
            of_stored: Any = super(KeepsLiveVersion, stored)
            live = of_stored.save_revision(clean=False)
            self._objects().filter(pk=this.pk).update(live_revision=live)
            this.live_revision = this.latest_revision = live
        parent: Any = super()
        return parent.save_revision(*args, **kwargs)

    def _objects(self) -> Any:
        # Untyped on purpose: the fields are those of the class that this is mixed into.
        return type(self)._default_manager

    def _stored_live_version(self) -> Any:
        return self._objects().filter(pk=self.pk, live=True, live_revision=None).first()
