"""Writing the index: a few statements for hundreds of documents."""

from collections.abc import Collection, Iterable, Sequence

from django.db import connection, transaction
from django.db.models import Avg, Count, F
from django.utils import timezone

from search import spelling, text
from search.documents import Document, prepare
from search.engines import engine
from search.models import IndexState, SearchDocument, Term
from search.models.fields import plain

# Documents in one statement.
BATCH = 500
# Words in one statement.
WORDS = 5000
# Counts are taken again after this share of the documents has been written, and this many.
RECOUNT_SHARE = 0.5
RECOUNT_LEAST = 20
STATE = 1


def write(documents: Sequence[Document]) -> int:
    """Write what is new or has changed; gives how many. Safe to repeat and to call by several at once."""
    return sum(_write_batch(documents[start : start + BATCH]) for start in range(0, len(documents), BATCH))


@transaction.atomic
def _write_batch(documents: Sequence[Document]) -> int:
    stored: dict[tuple[str, int], tuple[str, float]] = {}
    for section in {document.section for document in documents}:
        ids = [document.object_id for document in documents if document.section == section]
        rows = SearchDocument.objects.filter(section=section, object_id__in=ids)
        stored |= {
            (section, pk): (digest, signal) for pk, digest, signal in rows.values_list("object_id", "digest", "signal")
        }
    # By key: two writers take the rows in the same order.
    documents = sorted(documents, key=lambda document: (document.section, document.object_id))
    changed, same = [], []
    for document in documents:
        before = stored.get((document.section, document.object_id))
        if before is None or before[0] != document.digest:
            changed.append(document)
        elif before[1] != document.signal:
            same.append(document)
    _signals(same)
    if not changed:
        return 0
    prepared = [prepare(document) for document in changed]
    engine().store([row for row, _, _ in prepared])
    head = set().union(*(words for _, words, _ in prepared))
    _learn(head, set().union(*(words for _, _, words in prepared)) - head)
    IndexState.objects.update_or_create(pk=STATE, defaults={"written": F("written") + len(changed)}, create_defaults={})
    return len(changed)


def _signals(documents: Sequence[Document]) -> None:
    by_signal: dict[tuple[str, float], list[int]] = {}
    for document in documents:
        by_signal.setdefault((document.section, document.signal), []).append(document.object_id)
    for (section, signal), ids in by_signal.items():
        SearchDocument.objects.filter(section=section, object_id__in=ids).update(signal=signal)


def _learn(head: Collection[str], body: Collection[str]) -> None:
    """Add words to the vocabulary. Those of bodies alone correct nothing: descriptions are full of names and slips."""
    known: dict[str, bool] = {}
    wanted = [*head, *body]
    for start in range(0, len(wanted), WORDS):
        known |= engine().known(wanted[start : start + WORDS])
    keyed = {word for word in head if not known.get(word) and spelling.correctable(word)}
    new = sorted({word for word in wanted if word not in known} | keyed)
    terms = [
        Term(word=word, stem=text.stem(word), keys=plain(spelling.keys(word)) if word in keyed else []) for word in new
    ]
    for start in range(0, len(terms), WORDS):
        engine().learn(terms[start : start + WORDS])


def remove(*, section: str, object_ids: Collection[int]) -> None:
    """Take documents out; those that are not there are no error."""
    if object_ids:
        SearchDocument.objects.filter(section=section, object_id__in=list(object_ids)).delete()


def recount_if_due() -> None:
    """Count again where so much has been written since the last time that it is worth it."""
    state = IndexState.objects.first()
    if state and state.written >= max(RECOUNT_LEAST, RECOUNT_SHARE * state.documents):
        recount()


@transaction.atomic
def recount() -> None:
    """Count documents, words and lengths again: what ranking and spelling go by."""
    engine().count_stems()
    found = SearchDocument.objects.aggregate(
        documents=Count("pk"), title=Avg("title_length"), facts=Avg("facts_length"), body=Avg("body_length")
    )
    IndexState.objects.update_or_create(
        pk=STATE,
        defaults={
            "documents": found["documents"],
            "title_length": found["title"] or 1.0,
            "facts_length": found["facts"] or 1.0,
            "body_length": found["body"] or 1.0,
            "written": 0,
            "counted_at": timezone.now(),
        },
    )


def tidy() -> None:
    """What a database wants after a load."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_searchdocument")
        cursor.execute("ANALYZE search_term")


def prune(*, section: str, keep: Iterable[int]) -> int:
    """Take out the documents of a section whose objects are not among these; gives how many."""
    gone = set(SearchDocument.objects.filter(section=section).values_list("object_id", flat=True)) - set(keep)
    ids = sorted(gone)
    for start in range(0, len(ids), BATCH):
        remove(section=section, object_ids=ids[start : start + BATCH])
    return len(ids)


def drop_sections(*, keep: Iterable[str]) -> None:
    """Take out sections that are not searched any more."""
    SearchDocument.objects.exclude(section__in=list(keep)).delete()
