"""Wires this room into the admin."""

from wagtail import hooks

from cms.dashboard import HOOK
from home.dashboard import page_links

hooks.register(HOOK, page_links)
