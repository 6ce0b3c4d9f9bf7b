"""What editors say about queries: other words, where they lead, what comes first and what does not come at all."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable, PreviewableMixin

from cms.blocks.links import validate_address
from search import text
from search.keys import KEY_LENGTH, query_key

QUERY_LENGTH = 200
# Words of one phrase, and phrases of one set.
PHRASE_WORDS = 4
PHRASES_MOST = 20


class Preview(PreviewableMixin):
    """Shows results as they are and as they would be."""

    class Meta:
        abstract = True

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "pages/search/effect.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Before and after; see ``search/effects.py``."""
        from search.effects import effect_of  # reads the models of this package

        return {**super().get_preview_context(request, mode_name), **effect_of(self)}


class SynonymSet(Preview, models.Model):
    """Words that mean the same to the search."""

    phrases = models.TextField(
        "words",
        help_text="One word or short phrase per line, or separated by commas: sofa, couch, settee.",
    )
    one_way = models.BooleanField(
        default=False,
        help_text="Only searches for the first find the others as well, not the other way round: "
        "“footwear” finds shoes and boots, “boots” finds boots alone.",
    )

    panels = [FieldPanel("phrases"), FieldPanel("one_way")]

    class Meta:
        verbose_name = "synonyms"
        verbose_name_plural = "synonyms"
        ordering = ["phrases"]

    def __str__(self) -> str:
        return (" → " if self.one_way else ", ").join([*self.ways[:1], ", ".join(self.ways[1:])])[:100]

    @property
    def ways(self) -> list[str]:
        """The phrases, each once."""
        found = (" ".join(part.split()) for part in re.split(r"[,\n]", self.phrases))
        return list(dict.fromkeys(part for part in found if part))

    def clean(self) -> None:
        """Raises ValidationError for fewer than two phrases, too many, or one without words or with too many."""
        super().clean()
        if not 2 <= len(self.ways) <= PHRASES_MOST:
            raise ValidationError({"phrases": f"Give at least two words or phrases, and at most {PHRASES_MOST}."})
        for way in self.ways:
            if not 1 <= len(text.words(way)) <= PHRASE_WORDS or len(way) > QUERY_LENGTH:
                raise ValidationError({"phrases": f"“{way[:50]}” must have between one and {PHRASE_WORDS} words."})


class QueryRule(Preview, ClusterableModel):
    """What a certain query leads to, whatever the words say."""

    query = models.CharField(
        max_length=QUERY_LENGTH,
        help_text="What shoppers type. Upper and lower case, singular and plural make no difference.",
    )
    key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)  # set by clean() and save()
    redirect_page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name="page"
    )
    redirect_address = models.CharField(
        "address", max_length=500, blank=True, validators=[validate_address], help_text="Instead of a page."
    )
    note = models.CharField(max_length=255, blank=True, help_text="Why, for your colleagues.")

    panels = [
        FieldPanel("query"),
        MultiFieldPanel(
            [
                HelpPanel("Leads there at once, without showing results."),
                PageChooserPanel("redirect_page"),
                FieldPanel("redirect_address"),
            ],
            heading="Go straight to",
        ),
        InlinePanel("pinned", heading="Shown first", label="Product", max_num=24),
        InlinePanel("hidden", heading="Not shown", label="Product", max_num=200),
        FieldPanel("note"),
    ]

    class Meta:
        verbose_name = "search rule"
        ordering = ["query"]

    def __str__(self) -> str:
        return self.query

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Without a word about the key, which nobody sees: ``clean`` names the query."""
        super().full_clean(*args, **{**kwargs, "validate_unique": False})

    def clean(self) -> None:
        """Sets the key. Raises ValidationError for a query without words, one that has a rule, and two targets."""
        super().clean()
        self.key = query_key(self.query)
        if not self.key:
            raise ValidationError({"query": "Enter at least one word."})
        if other := QueryRule.objects.exclude(pk=self.pk).filter(key=self.key).first():
            raise ValidationError({"query": f"There is a rule for “{other.query}” already, which is the same query."})
        if self.redirect_page_id and self.redirect_address:
            raise ValidationError({"redirect_address": "Choose a page or an address, not both."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = self.key or query_key(self.query)
        super().save(*args, **kwargs)


class PinnedProduct(Orderable):
    """A product that comes first."""

    rule = ParentalKey(QueryRule, on_delete=models.CASCADE, related_name="pinned")
    product = models.ForeignKey("catalog.ProductPage", on_delete=models.CASCADE, related_name="+")

    panels = [PageChooserPanel("product")]


class HiddenProduct(Orderable):
    """A product that is not shown."""

    rule = ParentalKey(QueryRule, on_delete=models.CASCADE, related_name="hidden")
    product = models.ForeignKey("catalog.ProductPage", on_delete=models.CASCADE, related_name="+")

    panels = [PageChooserPanel("product")]
