"""Starting a sandbox, for a learner or for the pool."""

import asyncio
import logging
import os
import time
from weakref import WeakKeyDictionary

from . import containers
from .containers import in_engine_thread
from .errors import EngineAnswerError, EngineDown, SandboxError
from .learner_engine import learner_engine
from .lifecycle import State, move
from .models import Sandbox

log = logging.getLogger(__name__)

# A start takes 0.35 s, and some 12 s when a whole class arrives at once.
START_SECONDS = 40
ANSWER_POLL_SECONDS = 0.05
# A start is work for the processors: more at once would make all of a class wait for the last one,
# and leave no thread for what other learners ask of the engine.
AT_ONCE = 2 * (os.cpu_count() or 1)
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def start(sandbox: Sandbox) -> None:
    """Start the container of a sandbox and wait until the engine in it answers.

    Raises SandboxError (one of its kinds); the sandbox has failed then, and nothing is left of it.
    """
    try:
        async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
            sandbox.container = await in_engine_thread(containers.start_container, str(sandbox.pk))
            await sandbox.asave(update_fields=["container"])
            await _wait_until_it_answers(sandbox)
    except SandboxError as error:
        log.warning("sandbox %s did not start: %s", sandbox.pk, error)
        await _give_up(sandbox, str(error))
        raise


async def _wait_until_it_answers(sandbox: Sandbox) -> None:
    """Raises SandboxError where the engine inside never comes up."""
    deadline = time.monotonic() + START_SECONDS
    last = "no try"
    while time.monotonic() < deadline:
        try:
            async with learner_engine(sandbox.container, starting=True) as engine:
                await engine.ping()
                return
        except EngineAnswerError as error:
            last = str(error)
            await asyncio.sleep(ANSWER_POLL_SECONDS)
    raise SandboxError(f"the engine inside did not answer: {last}")


async def _give_up(sandbox: Sandbox, reason: str) -> None:
    if sandbox.container:
        try:
            await in_engine_thread(containers.remove_container, sandbox.container)
        except EngineDown as error:
            log.warning("sandbox %s is left for the keeper: %s", sandbox.pk, error)
    await move(sandbox, State.FAILED, reason=reason)
