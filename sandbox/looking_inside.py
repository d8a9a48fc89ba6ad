"""What a learner's engine does not know of their sandbox: commands that look, run as the learner.

They may have replaced any program: what comes back is bounded, and believed no more than the rest.
"""

import asyncio
import logging
from collections.abc import Iterable
from weakref import WeakKeyDictionary, WeakValueDictionary

from .errors import EngineDown, SandboxError, SandboxGone
from .models import Sandbox
from .snapshot import Command, Ran
from .student_command import exit_code, student_command

log = logging.getLogger(__name__)

# A lesson asks for one or two; more than these are not run.
MOST_COMMANDS = 20
MOST_BYTES = 64 * 1024
MOST_SECONDS_EACH = 10
MOST_SECONDS_A_LOOK = 15.0
# Of one sandbox, however many of its learner's pages are open.
MOST_AT_ONCE = 4
_lanes: WeakKeyDictionary[
    asyncio.AbstractEventLoop, WeakValueDictionary[str, asyncio.Semaphore]
] = WeakKeyDictionary()


async def run_all(sandbox: Sandbox, commands: Iterable[Command]) -> dict[Command, Ran]:
    """How each of them ended; one that gave no answer in time is left out.

    Raises EngineDown or SandboxGone.
    """
    lanes = _lanes.setdefault(asyncio.get_running_loop(), WeakValueDictionary())
    lane = lanes.setdefault(sandbox.container, asyncio.Semaphore(MOST_AT_ONCE))
    ran: dict[Command, Ran] = {}

    async def run(command: Command) -> None:
        async with lane:
            if (ended := await _run(sandbox, command)) is not None:
                ran[command] = ended

    try:
        async with asyncio.timeout(MOST_SECONDS_A_LOOK), asyncio.TaskGroup() as group:
            for command in sorted(commands)[:MOST_COMMANDS]:
                group.create_task(run(command))
    except TimeoutError:
        log.info("a sandbox took too long over what a lesson asks")
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return ran


async def _run(sandbox: Sandbox, command: Command) -> Ran | None:
    seconds = min(command.seconds, MOST_SECONDS_EACH)
    # The stream's end is no news to the command: `timeout` ends it inside.
    words = ("timeout", "--kill-after=1", str(seconds), *command.words)
    output = bytearray()
    try:
        async with student_command(sandbox, *words, seconds=seconds + 3.0) as stream:
            while len(output) < MOST_BYTES and (piece := await stream.read()):
                output += piece
            # One that has more to say goes on, and is not waited for.
            code = await exit_code(stream) if len(output) < MOST_BYTES else 0
    except (EngineDown, SandboxGone):
        raise
    except SandboxError:
        return None
    return Ran(code, output[:MOST_BYTES].decode(errors="replace"))
