"""What is looked through of one thing, before it is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from search import text
from search.models import SearchDocument
from search.models.fields import weighted

# Stems of each text that are kept. Descriptions of 18,000 characters exist; their ends say nothing new.
TITLE_MOST = 60
FACTS_MOST = 120
BODY_MOST = 150
# Characters that are read at all.
CHARACTERS_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Document:
    """Plain texts, as people read them. ``signal`` is what the score is multiplied with."""

    section: str
    object_id: int
    title: str
    brand: str = ""
    facts: str = ""
    body: str = ""
    signal: float = 1.0

    @property
    def digest(self) -> str:
        """The same for the same texts."""
        joined = "\0".join((self.title, self.brand, self.facts, self.body))
        return blake2b(joined.encode(errors="replace"), digest_size=16).hexdigest()


def prepare(document: Document) -> tuple[SearchDocument, set[str], set[str]]:
    """The row of a document, the words of its head, and those of its body."""
    title = text.words(document.title[:CHARACTERS_MOST])[:TITLE_MOST]
    brand = text.words(document.brand[:CHARACTERS_MOST])[:TITLE_MOST] if document.brand else []
    facts = text.words(document.facts[:CHARACTERS_MOST])[:FACTS_MOST] if document.facts else []
    body = text.words(document.body[:CHARACTERS_MOST])[:BODY_MOST] if document.body else []
    stemmed = [text.stems(words) for words in (title, brand, facts, body)]
    head = {"A": stemmed[0], "B": stemmed[1], "C": stemmed[2]}
    row = SearchDocument(
        section=document.section,
        object_id=document.object_id,
        title=spaced(stemmed[0]),
        brand=spaced(stemmed[1]),
        facts=spaced(stemmed[2]),
        body=spaced(stemmed[3]),
        head=weighted(head),
        words=[
            (lexeme, "") for lexeme in dict.fromkeys([f"={document.section}", *(s for some in stemmed for s in some)])
        ],
        title_length=len(title),
        facts_length=len(facts),
        body_length=len(body),
        signal=document.signal,
        digest=document.digest,
    )
    return row, {*title, *brand, *facts}, set(body)


def spaced(stems: Sequence[str]) -> str:
    """One blank around, two between: every stem has blanks of its own on both sides."""
    return f" {'  '.join(stems)} " if stems else ""
