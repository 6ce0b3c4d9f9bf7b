"""The narrow table that the shop's search runs on, and what is known of its words.

All of it can be made again at any time (``manage.py rebuild_search``); nothing here is a source of truth. The indexes
that differ between databases (GIN on PostgreSQL, FTS5 tables with their triggers on SQLite) are in the migrations.
"""

from django.db import models

from search.models.fields import LexemesField


class SearchDocument(models.Model):
    """One thing that can be found: a live public product, category, brand or other page.

    The texts hold stems with two blanks between them and one around them, so that a stem with its blanks can be
    counted in them.
    """

    section = models.CharField(max_length=30)
    # The page's or the snippet's primary key.
    object_id = models.BigIntegerField()
    title = models.TextField()
    brand = models.TextField(blank=True)
    # Categories, attributes, options, codes.
    facts = models.TextField(blank=True)
    body = models.TextField(blank=True)
    # PostgreSQL: what ranks (title A, brand B, facts C), and everything that matches. Empty on SQLite.
    head = LexemesField(null=True, editable=False)
    words = LexemesField(null=True, editable=False)
    # Stems per text, for their averages.
    title_length = models.PositiveIntegerField(default=0)
    facts_length = models.PositiveIntegerField(default=0)
    body_length = models.PositiveIntegerField(default=0)
    # What the score is multiplied with: popularity, rating, availability. 1 is neutral.
    signal = models.FloatField(default=1.0)
    # Changes when a text does: what is as it was is not written again.
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "object_id"], name="search_document_once")]


class Term(models.Model):
    """A word as it is written somewhere in the index, in lower case and without accents."""

    word = models.CharField(max_length=40, unique=True)
    stem = models.CharField(max_length=40, db_index=True)
    # Documents with the stem, as of the last recount; 1 for a newer word.
    documents = models.PositiveIntegerField(default=1)
    # The word with each letter left out, for misspelled ones; empty for words that are no correction of anything.
    keys = LexemesField(default=list, editable=False)

    def __str__(self) -> str:
        return self.word


class IndexState(models.Model):
    """What the last recount found; one row."""

    documents = models.PositiveIntegerField(default=0)
    title_length = models.FloatField(default=1.0)
    facts_length = models.FloatField(default=1.0)
    body_length = models.FloatField(default=1.0)
    # Documents written since, roughly.
    written = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)
