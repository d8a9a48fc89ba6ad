"""Starting a sandbox, for a learner or for the pool."""

import asyncio
import logging
import time

from . import containers
from .containers import in_engine_thread
from .errors import EngineAnswerError, EngineDown, SandboxError
from .learner_engine import learner_engine
from .lifecycle import State, move
from .models import Sandbox

log = logging.getLogger(__name__)

# A start takes 0.5 s, and some 20 s when a whole class arrives at once.
START_SECONDS = 40
ANSWER_POLL_SECONDS = 0.05


async def start(sandbox: Sandbox) -> None:
    """Start the container of a sandbox and wait until the engine in it answers.

    Raises SandboxError (one of its kinds); the sandbox has failed then, and nothing is left of it.
    """
    try:
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
            async with learner_engine(sandbox.container) as engine:
                await engine.get("/version")
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
