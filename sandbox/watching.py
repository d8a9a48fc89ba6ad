"""Watching a learner's engine: a look after each event, after typing, and now and then."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from .errors import EngineAnswerError, SandboxError
from .learner_engine import LearnerEngine, learner_engine
from .looking_inside import run_all
from .models import Sandbox
from .observing import observe
from .snapshot import Question, Snapshot

# Some changes send no event (a file written in a container): look this often anyway.
POLL_SECONDS = 3.0
# One command sends several events within milliseconds; they are worth one look.
SETTLE_SECONDS = 0.03
# A look may itself be what happens: a lesson's script that starts a container. After so many in a
# row that something woke there is one each so many seconds.
MOST_IN_A_ROW = 20
PAUSE_SECONDS = POLL_SECONDS / 2


class Watch:
    """A learner's engine under observation, over one connection."""

    def __init__(self, sandbox: Sandbox, engine: LearnerEngine, wake: asyncio.Event) -> None:
        self._sandbox = sandbox
        self._engine = engine
        self._wake = wake
        self._lost: BaseException | None = None

    async def looks(self) -> AsyncIterator[None]:
        """Yields whenever it is worth looking: at once, then after each change.

        Raises EngineAnswerError when the engine is lost.
        """
        free_at = 0.0
        while True:
            begun = time.monotonic()
            free_at = max(free_at, begun - MOST_IN_A_ROW * PAUSE_SECONDS) + PAUSE_SECONDS
            yield
            took = time.monotonic() - begun
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()
            if self._lost is not None:
                raise EngineAnswerError(str(self._lost))
            # An engine that makes looks costly gets fewer of them.
            pause = free_at - time.monotonic()
            await asyncio.sleep(max(SETTLE_SECONDS, took, pause))
            self._wake.clear()

    async def snapshot(self, question: Question) -> Snapshot:
        """What the engine looks like now. Raises EngineAnswerError or SandboxError."""
        return await _look(self._sandbox, self._engine, question)

    async def wake_on_events(self, container: str) -> None:
        """Run until the engine is lost."""
        try:
            async with learner_engine(container) as engine:
                async for _event in engine.events():
                    self._wake.set()
            self._lost = EngineAnswerError("the event stream ended")
        except (EngineAnswerError, SandboxError) as error:
            self._lost = error
        finally:
            self._wake.set()


@asynccontextmanager
async def watch(sandbox: Sandbox, wake: asyncio.Event) -> AsyncIterator[Watch]:
    """Watch a sandbox; `wake` may be set from outside, when the learner has typed something.

    Raises EngineAnswerError or SandboxError when the engine can't be reached.
    """
    async with learner_engine(sandbox.container) as engine:
        watched = Watch(sandbox, engine, wake)
        events = asyncio.create_task(watched.wake_on_events(sandbox.container))
        try:
            yield watched
        finally:
            events.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await events


async def look_at(sandbox: Sandbox, question: Question) -> Snapshot:
    """A single snapshot. Raises EngineAnswerError or SandboxError."""
    async with learner_engine(sandbox.container) as engine:
        return await _look(sandbox, engine, question)


async def _look(sandbox: Sandbox, engine: LearnerEngine, question: Question) -> Snapshot:
    snapshot = await observe(engine, question)
    if not question.commands:
        return snapshot
    return replace(snapshot, ran=await run_all(sandbox, question.commands))
