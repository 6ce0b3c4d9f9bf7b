"""Puts a home page of this project in the place of Wagtail's welcome page, so that a fresh database serves a site."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import migrations


def replace_welcome_page(apps: Any, schema_editor: Any) -> None:
    """Only where nobody has built anything yet: the welcome page is the only page."""
    Page = apps.get_model("wagtailcore", "Page")
    if Page.objects.filter(depth__gt=1).exclude(content_type__model="page", slug="home").exists():
        return
    root = Page.objects.filter(depth=1).first()
    if root is None:
        return
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page.objects.filter(depth__gt=1).delete()
    content_type, _ = ContentType.objects.get_or_create(model="homepage", app_label="home")
    home = apps.get_model("home", "HomePage").objects.create(
        title="Home",
        draft_title="Home",
        slug="home",
        content_type=content_type,
        path=f"{root.path}0001",
        depth=2,
        numchild=0,
        url_path="/home/",
        locale_id=root.locale_id,
    )
    Page.objects.filter(pk=root.pk).update(numchild=1)
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    apps.get_model("wagtailcore", "Site").objects.create(
        hostname=address.hostname or "localhost", port=port, root_page_id=home.pk, is_default_site=True
    )


class Migration(migrations.Migration):
    dependencies = [("home", "0001_initial"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(replace_welcome_page, migrations.RunPython.noop)]
