"""What has to be forgotten or made when content changes. Connected in ``CmsConfig.ready``."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    published,
    unpublished,
)

from cms.chrome import forget_chrome
from cms.models import Announcement, CustomImage, Menu, ShopSettings
from cms.restrictions import forget_restrictions
from cms.sites import forget_sites
from cms.tasks import prepare_chrome, prepare_page, prepare_upload
from cms.uploads import uploads_wait


def surroundings_changed(**kwargs: Any) -> None:
    """Something that stands around every page, or a page that a menu may lead to."""
    forget_chrome()


def settings_saved(**kwargs: Any) -> None:
    """The name changes at once, logo and social image as soon as their sizes are made."""
    forget_chrome()
    transaction.on_commit(prepare_chrome.enqueue)


def sites_changed(**kwargs: Any) -> None:
    """A site's name, host or root page."""
    forget_sites()
    transaction.on_commit(forget_sites)
    forget_chrome()


def restrictions_changed(**kwargs: Any) -> None:
    """A page was made private or public."""
    forget_restrictions()


def tree_changed(**kwargs: Any) -> None:
    """Paths and addresses of a whole branch."""
    forget_chrome()
    forget_restrictions()


def page_saved(instance: Model, created: bool, **kwargs: Any) -> None:
    """A new alias is as private as what it mirrors."""
    if created and isinstance(instance, Page) and instance.alias_of_id:
        forget_restrictions()


def page_deleted(instance: Model, **kwargs: Any) -> None:
    """A page that a menu may have led to."""
    if isinstance(instance, Page):
        forget_chrome()


def page_went_live(instance: Page, **kwargs: Any) -> None:
    """Nobody should wait for its pictures."""
    if not uploads_wait():
        transaction.on_commit(partial(prepare_page.enqueue, instance.pk))


def image_saved(instance: CustomImage, created: bool, **kwargs: Any) -> None:
    """A new file: make its usual sizes, and show it where it is the logo."""
    if kwargs.get("raw") or uploads_wait() or (kwargs.get("update_fields") and not created):
        return
    transaction.on_commit(partial(prepare_upload.enqueue, instance.pk))
    if ShopSettings.objects.filter(Q(logo=instance) | Q(social_image=instance)).exists():
        settings_saved()


def register() -> None:
    """Connect everything, once."""
    for signal in (page_published, page_unpublished, page_slug_changed):
        signal.connect(surroundings_changed, dispatch_uid=f"cms.surroundings.{id(signal)}")
    post_page_move.connect(tree_changed, dispatch_uid="cms.tree")
    page_published.connect(page_went_live, dispatch_uid="cms.prepare_page")
    post_save.connect(page_saved, dispatch_uid="cms.page_saved")
    post_delete.connect(page_deleted, dispatch_uid="cms.page_deleted")
    for snippet in (Menu, Announcement):
        for signal in (published, unpublished, post_save, post_delete):
            signal.connect(surroundings_changed, sender=snippet, dispatch_uid=f"cms.{snippet.__name__}.{id(signal)}")
    post_save.connect(settings_saved, sender=ShopSettings, dispatch_uid="cms.settings")
    for signal in (post_save, post_delete):
        signal.connect(sites_changed, sender=Site, dispatch_uid=f"cms.sites.{id(signal)}")
        signal.connect(restrictions_changed, sender=PageViewRestriction, dispatch_uid=f"cms.private.{id(signal)}")
    post_save.connect(image_saved, sender=CustomImage, dispatch_uid="cms.image_saved")
