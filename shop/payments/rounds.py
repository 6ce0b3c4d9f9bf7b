"""One pass over everything that waits for providers' answers."""

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from shop.payments.models import Payment, Refund
from shop.payments.providers.base import ProviderUnavailable

logger = logging.getLogger(__name__)

# A provider that hangs costs a timeout each time: after so many in a row it has the rest of the round off.
GIVES_UP_AFTER = 3

Waiting = TypeVar("Waiting", Payment, Refund)


def ask_each(waiting: Iterable[Waiting], ask: Callable[[Waiting], Waiting]) -> Iterator[tuple[Waiting, Waiting]]:
    """Each one as it was and as it is after ``ask``; those whose provider does not answer wait for the next round.

    They come in any order, so that a few which never get an answer do not keep all others from theirs.
    """
    silent = Counter[str]()
    for before in random.sample(found := list(waiting), len(found)):
        provider = (before if isinstance(before, Payment) else before.payment).provider
        if silent[provider] == GIVES_UP_AFTER:
            continue
        try:
            after = ask(before)
        except ProviderUnavailable as error:
            silent[provider] += 1
            logger.warning(
                "Left for the next round",
                extra={"waiting": f"{before._meta.model_name} {before.pk}", "why": str(error)},
            )
            if silent[provider] == GIVES_UP_AFTER:
                logger.warning("No answer: nothing more is asked in this round", extra={"provider": provider})
            continue
        silent[provider] = 0
        yield before, after
