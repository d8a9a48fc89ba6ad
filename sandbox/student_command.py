"""A program of the image run as the learner, its answer bounded: they may have replaced it."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .errors import SandboxError, SandboxSilent
from .models import Sandbox
from .streams import ExecStream, run_in_sandbox

log = logging.getLogger(__name__)

# The engine knows a command's exit code a moment after its output has ended.
EXIT_CODE_TRIES = 20
# A download: 200 MiB, by a slow sandbox.
SENT_WITHIN_SECONDS = 300.0


class Outgoing:
    """What a command writes, on its way to a browser: let go of when it has ended, or too late."""

    def __init__(self, stream: ExecStream, first: bytes, most: int) -> None:
        self.stream = stream
        self._first = first
        self._left = most

    async def pieces(self) -> AsyncIterator[bytes]:
        """At most so many bytes.

        Nothing is raised once something is sent: Daphne could not tell the browser. Where the
        next bytes don't come it ends short of its length or of the end of its archive.
        """
        end = time.monotonic() + SENT_WITHIN_SECONDS
        piece = self._first
        try:
            while self._left:
                if not piece:
                    async with asyncio.timeout(end - time.monotonic()):
                        piece = await self.stream.read()
                if not piece:
                    return
                yield piece[: self._left]
                self._left -= len(piece[: self._left])
                piece = b""
        except TimeoutError:
            log.warning("a download was not sent to its end")
        finally:
            await self.stream.close()


@asynccontextmanager
async def student_command(
    sandbox: Sandbox, *command: str, seconds: float
) -> AsyncIterator[ExecStream]:
    """The command's stream, for as long as it may take.

    Raises SandboxSilent after that, and what `run_in_sandbox` raises.
    """
    try:
        async with asyncio.timeout(seconds):
            stream = await run_in_sandbox(sandbox.container, [*command], user="student")
            try:
                yield stream
            finally:
                await stream.close()
    except TimeoutError:
        raise SandboxSilent(f"{command[:2]} took more than {seconds:.0f} s") from None


@asynccontextmanager
async def outgoing_command(
    sandbox: Sandbox, *command: str, seconds: float
) -> AsyncIterator[ExecStream]:
    """The stream of a command that goes on after the block, for which it has so many seconds.

    Where the block fails it is let go of. Raises as `student_command` does.
    """
    stream = await run_in_sandbox(sandbox.container, [*command], user="student")
    try:
        async with asyncio.timeout(seconds):
            yield stream
    except BaseException as error:
        await stream.close()
        if isinstance(error, TimeoutError):
            raise SandboxSilent(f"{command[:2]} took more than {seconds:.0f} s") from None
        raise


async def read_at_most(stream: ExecStream, most: int) -> bytes | None:
    """All that it writes; None where that is more, of which no more is read."""
    content = bytearray()
    while piece := await stream.read():
        content += piece
        if len(content) > most:
            return None
    return bytes(content)


async def exit_code(stream: ExecStream) -> int:
    """The code of a command whose output has ended."""
    for _try in range(EXIT_CODE_TRIES):
        if (code := await stream.exit_code()) is not None:
            return code
        await asyncio.sleep(0.05)
    raise SandboxError("a command that does not end")
