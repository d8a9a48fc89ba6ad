"""Proving a draft while its author looks on."""

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from hakoniwa import background
from hakoniwa.accounts.models import User
from hakoniwa.rate_limits import Limit
from lessons.document import Lesson
from lessons.proving import Begun, Event, Result, Verdict, cases_of, is_proven, prove, summary

# Each takes up to two sandboxes of the classroom.
PROOFS = Limit("proof", 30, 3600, "person")
# Longer than a full classroom and the longest case keep a proof waiting, should this process die.
LONGEST_SILENCE = 900
# As on the page, so that it does not grow without end.
MOST_WORDS = 2000


class AlreadyProving(Exception):
    """The same author has another proof under way."""


async def proof_of(lesson: Lesson, author: User) -> AsyncGenerator[dict[str, Any], None]:
    """What is to be told of it, in the active language, until all is proven. To be closed.

    Raises AlreadyProving or TooOften before anything is begun.
    """
    async with _the_only_one(author) as still_here:
        await PROOFS.aspend(author.pk)
        yield {"type": "cases", "total": len(cases_of(lesson))}
        verdicts: Counter[Verdict] = Counter()
        async with aclosing(prove(lesson)) as events:
            async for event in events:
                await still_here()
                if isinstance(event, Result):
                    verdicts[event.verdict] += 1
                yield _told(event)
        yield {"type": "over", "words": summary(verdicts), "proven": is_proven(verdicts)}


def is_proving(author: User) -> bool:
    return bool(cache.get(_key(author)))


def _key(author: User) -> str:
    return f"proof.{author.pk}"


@asynccontextmanager
async def _the_only_one(author: User) -> AsyncIterator[Any]:
    """Across all processes of the site, as far as they share a cache. Raises AlreadyProving."""
    key = _key(author)
    if not await cache.aadd(key, True, timeout=LONGEST_SILENCE):
        raise AlreadyProving

    async def still_here() -> None:
        await cache.atouch(key, LONGEST_SILENCE)

    try:
        yield still_here
    finally:
        await background.finish(cache.adelete(key))


def _told(event: Event) -> dict[str, Any]:
    if isinstance(event, Begun):
        return {"type": "begun", "case": str(event.case)}
    return {
        "type": "result",
        "case": str(event.case),
        "verdict": event.verdict,
        "verdict_words": _verdict_words(event.verdict),
        "words": event.words[:MOST_WORDS],
        "output": event.output[-MOST_WORDS:],
    }


def _verdict_words(verdict: Verdict) -> str:
    return {
        Verdict.PROVEN: _("proven"),
        Verdict.FAILED: _("failed"),
        Verdict.NOT_TRIED: _("not tried"),
        Verdict.MISSING: _("not written"),
    }[verdict]
