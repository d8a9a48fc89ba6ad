"""Work that goes on beside what started it."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")
# The event loop itself would forget them.
_going_on: set[asyncio.Task[Any]] = set()


def start(work: Coroutine[Any, Any, None], what: str) -> asyncio.Task[None]:
    """Start it; a failure, which nobody waits for, is logged under this name.

    Whoever may not want it to its end keeps the task, to cancel it.
    """
    task = asyncio.create_task(work, name=what)
    _going_on.add(task)
    task.add_done_callback(_going_on.discard)
    task.add_done_callback(_log_failure)
    return task


async def finish(work: Coroutine[Any, Any, T]) -> T:
    """Do it to the end, even where whoever waits for it is cancelled (a browser that went away)."""
    task = asyncio.create_task(work)
    _going_on.add(task)
    task.add_done_callback(_going_on.discard)
    return await asyncio.shield(task)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("%s broke", task.get_name(), exc_info=error)
