"""On PostgreSQL: no parallel workers for a search. Starting them costs more than most searches take altogether."""

from typing import Any

from django.db import migrations


def restrict(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER FUNCTION search_words(tsvector) PARALLEL RESTRICTED")


class Migration(migrations.Migration):
    dependencies = [("search", "0005_costly_words")]

    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
