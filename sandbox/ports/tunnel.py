"""A connection to a port inside a sandbox. What comes out of it is hostile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sandbox.errors import EngineDown, SandboxError, SandboxGone
from sandbox.models import Sandbox
from sandbox.streams import ExecStream, run_in_sandbox

from .lanes import Lane, lane_of
from .problems import BrokenAnswer, NothingListens, NotHttp, PassEnded, PortProblem


class Tunnel:
    """Bytes to and from what listens on a port."""

    def __init__(self, stream: ExecStream, lane: Lane) -> None:
        self._stream = stream
        self._lane = lane

    async def read(self) -> bytes:
        """Some bytes, at most 64 KiB; empty at the end."""
        piece = await self._stream.read()
        await self._lane.carry(len(piece))
        return piece

    async def write(self, data: bytes) -> None:
        """Raises BrokenAnswer where they are not taken in time."""
        try:
            await self._stream.write(data)
        except EngineDown as error:
            raise BrokenAnswer(str(error)) from error
        await self._lane.carry(len(data))

    def close(self) -> None:
        self._stream.abort()

    async def was_never_open(self) -> bool:
        """Whether nothing listens there; asked when it ended without a byte."""
        try:
            return await self._stream.exit_code() != 0
        except SandboxError:
            return True


@asynccontextmanager
async def tunnel_to(sandbox: Sandbox, port: int) -> AsyncIterator[Tunnel]:
    """Connect to a port on the sandbox's own loopback.

    Raises TooManyConnections, PassEnded where the sandbox has ended, else PortProblem.
    """
    async with lane_of(sandbox.pk).place() as lane:
        # `-t 0`: it ends with either side, also where what it is connected to floods.
        command = ["socat", "-t", "0", "-", f"TCP4:127.0.0.1:{port},connect-timeout=5"]
        try:
            stream = await run_in_sandbox(sandbox.container, command, user="student")
        except SandboxGone as error:
            raise PassEnded(str(error)) from error
        except SandboxError as error:
            raise PortProblem(str(error)) from error
        tunnel = Tunnel(stream, lane)
        try:
            yield tunnel
        finally:
            tunnel.close()


async def nothing_came(tunnel: Tunnel) -> PortProblem:
    """The problem of a tunnel that ended before it gave a byte."""
    if await tunnel.was_never_open():
        return NothingListens("refused")
    return NotHttp("not a byte")
