"""Engines that have started before anybody asks, so that a claim takes no time."""

import os

from asgiref.sync import sync_to_async

from .lifecycle import State, move
from .preload import pull
from .seats import hold_for_the_pool
from .starting import start

# So many programs that want a processor, for each one there is, and a start would slow them down.
BUSY_LOAD = 2.0


def machine_is_busy() -> bool:
    """Whether learners' own programs need the processors more than the pool does."""
    return os.getloadavg()[0] > BUSY_LOAD * (os.cpu_count() or 1)


async def refill_when_quiet() -> bool:
    """As `refill`, but nothing on a busy machine."""
    return not machine_is_busy() and await refill()


async def refill() -> bool:
    """Start one more if the pool wants it; whether it may want another at once.

    Raises SandboxError (one of its kinds) where it does not start.
    """
    sandbox = await sync_to_async(hold_for_the_pool)()
    if sandbox is None:
        return False
    await start(sandbox)
    await pull(sandbox)
    return await move(sandbox, State.READY)
