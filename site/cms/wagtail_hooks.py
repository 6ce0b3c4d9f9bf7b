"""Wires this room into the admin."""

from wagtail.snippets.models import register_snippet

from cms.viewsets import ChromeViewSetGroup

register_snippet(ChromeViewSetGroup)
