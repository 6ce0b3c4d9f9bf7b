"""Encrypting again what another key has encrypted, or none yet: in batches, while the shop runs."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connections, models, router, transaction

from cms.encryption import PREFIX, EncryptedCharField, encrypted_fields, key_ring

BATCH = 500


class AlreadyRegistered(RuntimeError):
    """Two rotations have the same name."""


class RotationRegistry:
    """What is encrypted, but not in a field of ours: the room that encrypts it registers how to do it anew."""

    def __init__(self) -> None:
        self._rotations: dict[str, Callable[[], int]] = {}

    def register(self, name: str, rotation: Callable[[], int]) -> None:
        """Add a rotation, which gives the number of rows it changed. Raises AlreadyRegistered."""
        if name in self._rotations:
            raise AlreadyRegistered(f"A rotation {name!r} is registered already.")
        self._rotations[name] = rotation

    def run(self) -> Iterator[tuple[str, int]]:
        """Each name with the number of rows that were changed."""
        for name, rotation in self._rotations.items():
            yield name, rotation()


others = RotationRegistry()


def rotate(model: type[models.Model], *, after: int = 0, batch: int = BATCH) -> Iterator[tuple[int, int]]:
    """Bring a model's rows to the current key; gives the last primary key seen and the rows changed, for each batch.

    Each batch is a transaction of its own that locks only its rows. A row that is right already is not written, so the
    whole may be interrupted, repeated, or run beside the shop.
    """
    fields = encrypted_fields(model)
    using = router.db_for_write(model)
    while fields:
        with transaction.atomic(using=using):
            rows = _stored(model, fields, using, after, batch)
            if not rows:
                return
            after = rows[-1][0]
            changed = [pk for pk, *values in rows if any(is_old(value) for value in values)]
            names = [field.attname for field in fields]
            for row in model._default_manager.using(using).filter(pk__in=changed).only(*names).order_by("pk"):
                row.save(using=using, update_fields=names)
        yield after, len(changed)


def _stored(
    model: type[models.Model], fields: list[EncryptedCharField], using: str, after: int, batch: int
) -> list[Any]:
    """The values as they are in the database, locked where it can lock rows."""
    connection = connections[using]
    quote = connection.ops.quote_name
    key = quote(str(model._meta.pk.column))
    columns = ", ".join(quote(str(field.column)) for field in fields)
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    # Only names of tables and columns are put in, which the models state.
    sql = f"SELECT {key}, {columns} FROM {quote(model._meta.db_table)} WHERE {key} > %s ORDER BY {key} LIMIT %s{lock}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [after, batch])
        return list(cursor.fetchall())


def is_old(value: Any) -> bool:
    """Whether a stored value is plain, or encrypted with another key than the current one."""
    return bool(value) and not value.startswith(f"{PREFIX}{key_ring().current}:")
