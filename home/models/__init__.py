"""The pages that marketing builds: home, content pages, the journal."""

from home.models.content import ContentPage, HomePage
from home.models.journal import StoryIndexPage, StoryPage

__all__ = ["ContentPage", "HomePage", "StoryIndexPage", "StoryPage"]
