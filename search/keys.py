"""When two queries ask for the same: their words have the same stems in the same order."""

from search import text

KEY_LENGTH = 200


def query_key(query: str) -> str:
    """What a rule for a query is found by; empty for a query without words. "Coffee mugs" and "coffee mug" share it."""
    words = [part for parts in text.compounds(query) for part in parts]
    return " ".join(text.stems(word[: text.LONGEST] for word in words))[:KEY_LENGTH]
