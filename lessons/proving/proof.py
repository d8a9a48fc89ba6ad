"""Proving lessons, as a stream of events: begun, and what came of it, for each case."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace

from django.utils.translation import gettext as _

from lessons.document import Lesson
from sandbox.errors import EngineAnswerError, SandboxError

from .cases import Begun, Case, Event, Kind, Result, Verdict, cases_of
from .owner import fresh_sandbox, needed_still
from .stage import Stage

# Without it nothing after it can be tried.
FOUNDATIONS = {Kind.SETUP, Kind.SOLVE, Kind.AFTERWARDS}


async def prove(lesson: Lesson) -> AsyncGenerator[Event, None]:
    """Each of the lesson's cases begins and gets its one Result; the sandboxes are gone then.

    Whoever may not listen to the end closes the iterator (`aclosing`).
    """
    cases = cases_of(lesson)
    for each in (cases.right, cases.wrong):
        async with aclosing(_try(lesson, each)) as events:
            async for event in events:
                yield event
    for case in cases.missing:
        yield Result(case, Verdict.MISSING, _("No wrong attempt is written for it."))


async def prove_all(lessons: Iterable[Lesson], at_once: int) -> AsyncGenerator[Event, None]:
    """The events of all, several lessons at once. To be closed as that of `prove`."""
    events: asyncio.Queue[Event | None] = asyncio.Queue()
    room = asyncio.Semaphore(at_once)

    async def listen(lesson: Lesson) -> None:
        async with room, aclosing(prove(lesson)) as proof:
            async for event in proof:
                events.put_nowait(event)

    async def listen_to_all() -> None:
        async with asyncio.TaskGroup() as group:
            for lesson in lessons:
                group.create_task(listen(lesson))

    everything = asyncio.create_task(listen_to_all())
    everything.add_done_callback(lambda _done: events.put_nowait(None))
    try:
        while (event := await events.get()) is not None:
            yield event
        await everything
    finally:
        everything.cancel()
        await asyncio.wait([everything])


async def _try(lesson: Lesson, cases: Sequence[Case]) -> AsyncGenerator[Event, None]:
    """In one sandbox. What stands on something that failed is not tried."""
    left = deque(cases)
    reason = ""
    try:
        async with aclosing(_play(lesson, cases)) as events:
            async for event in events:
                if isinstance(event, Result):
                    left.popleft()
                    if event.verdict is Verdict.FAILED and event.case.kind in FOUNDATIONS:
                        reason = _("Not tried, since this failed: %(case)s") % {"case": event.case}
                yield event
                if reason:
                    break
    except SandboxError as error:
        reason = str(error.sentence)
        yield Result(left.popleft(), Verdict.FAILED, reason, str(error))
    except EngineAnswerError as error:
        reason = _("The engine in the sandbox does not answer.")
        yield Result(left.popleft(), Verdict.FAILED, reason, str(error))
    for case in left:
        yield Result(case, Verdict.NOT_TRIED, reason)


async def _play(lesson: Lesson, cases: Sequence[Case]) -> AsyncGenerator[Event, None]:
    """Raises SandboxError or EngineAnswerError where the sandbox is lost."""
    if not cases:
        return
    async with fresh_sandbox(lesson.preload, lesson.memory) as sandbox:
        stage = Stage(lesson, sandbox)
        for case in cases:
            yield Begun(case)
            await needed_still(sandbox)
            begun = time.monotonic()
            result = await stage.play(case)
            yield replace(result, seconds=time.monotonic() - begun)
