"""What has changed in the catalogue, for processes that keep an index of it in memory."""

from django.db import models


class CatalogueChange(models.Model):
    """Written in the transaction of the change it tells of; the id is the catalogue's version.

    Forgotten after a day: an index that is older is built anew.
    """

    id = models.BigAutoField(primary_key=True)
    # Ids of products; null for so many that an index is better built anew.
    products = models.JSONField(null=True)
    # Whether categories were renamed, moved, published or taken away.
    tree = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        default_permissions = ()
