"""Commands run inside a sandbox, their bytes on asyncio sockets: no thread for each of them.

The engine's exec API is spoken directly, since the SDK's streams block:
https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Exec
"""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import Any

import h11
from django.conf import settings

from .containers import API_VERSION
from .errors import EngineDown, SandboxError, SandboxGone

READ_SIZE = 64 * 1024
# Twice as much is read before anybody takes it: what a terminal's flood brings in a few ms.
READ_AHEAD = 2 * READ_SIZE
# For one call to the sandbox engine, which is ours, or for input that a command does not read.
MOST_SECONDS = 10.0
# What the engine writes before each piece of an exec without a terminal: stream, 3 zeroes, length.
FRAME_HEADER = 8
STDOUT = 1
# Nobody reads what a command says of errors; one that says more is at its end for us.
MOST_ERROR_BYTES = 1024 * 1024


@dataclass
class ExecStream:
    """A running command: its input and output."""

    id: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    tty: bool
    early: bytes  # came in the same packet as the engine's answer
    _left_in_frame: int = 0
    _frame_is_output: bool = True
    _errors_left: int = MOST_ERROR_BYTES

    async def read(self) -> bytes:
        """Some output, at most 64 KiB; empty at the end, or after more errors than we read."""
        if self.tty:
            return await self._raw(READ_SIZE)
        while self._errors_left > 0:
            if not self._left_in_frame:
                header = await self._exactly(FRAME_HEADER)
                if len(header) < FRAME_HEADER:
                    return b""
                self._frame_is_output = header[0] == STDOUT
                self._left_in_frame = int.from_bytes(header[4:], "big")
                continue
            piece = await self._raw(min(self._left_in_frame, READ_SIZE))
            self._left_in_frame -= len(piece)
            if not piece or self._frame_is_output:
                return piece
            self._errors_left -= len(piece)
        return b""

    async def write(self, data: bytes) -> None:
        """Hand bytes to the command; waits while it is not reading them.

        Raises EngineDown where the stream is lost or nothing was read for MOST_SECONDS.
        """
        try:
            async with asyncio.timeout(MOST_SECONDS):
                self.writer.write(data)
                await self.writer.drain()
        except OSError as error:  # TimeoutError is one too
            raise EngineDown(f"the exec stream takes no input: {error!r}") from error

    async def close(self) -> None:
        """Let go of the stream. The command is not told: see `Terminal.detach`."""
        self.writer.close()

    def abort(self) -> None:
        """Let go at once, of what the command has not taken too."""
        self.writer.transport.abort()

    async def exit_code(self) -> int | None:
        """The command's own exit code, once it has ended."""
        answer = await _ask("GET", f"/exec/{self.id}/json")
        code = answer.get("ExitCode")
        return code if isinstance(code, int) else None

    async def resize(self, columns: int, rows: int) -> None:
        await _ask("POST", f"/exec/{self.id}/resize?w={columns}&h={rows}")

    async def _raw(self, most: int) -> bytes:
        if self.early:
            piece, self.early = self.early[:most], self.early[most:]
            return piece
        try:
            return await self.reader.read(most)
        except ConnectionError:
            return b""

    async def _exactly(self, count: int) -> bytes:
        collected = b""
        while len(collected) < count:
            piece = await self._raw(count - len(collected))
            if not piece:
                break
            collected += piece
        return collected


async def run_in_sandbox(
    container: str,
    command: list[str],
    *,
    user: str,
    tty: bool = False,
    environment: list[str] | None = None,
    columns: int = 80,
    rows: int = 24,
) -> ExecStream:
    """Start a command and return its stream.

    Raises EngineDown where the sandbox engine does not answer, SandboxGone where the container
    is not running, SandboxError for anything else it refuses.
    """
    created = await _ask(
        "POST",
        f"/containers/{container}/exec",
        {
            "AttachStdin": True,
            "AttachStdout": True,
            "AttachStderr": True,
            "Tty": tty,
            "User": user,
            "Cmd": command,
            "Env": environment or [],
        },
    )
    stream = await _start(str(created["Id"]), command[0], tty)
    if tty:
        # A command that has ended by now can't be resized: what it printed is still to be read.
        with contextlib.suppress(SandboxError):
            await stream.resize(columns, rows)
    return stream


async def _start(exec_id: str, program: str, tty: bool) -> ExecStream:
    connection, reader, writer = await _connect()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            start = {"Detach": False, "Tty": tty}
            upgrade = [("Connection", "Upgrade"), ("Upgrade", "tcp")]
            await _send(connection, writer, "POST", f"/exec/{exec_id}/start", start, upgrade)
            event = await _next_event(connection, reader)
        if not isinstance(event, h11.InformationalResponse) or event.status_code != 101:
            raise SandboxError(f"the engine did not start {program}: {event!r}")
    except BaseException as error:
        writer.close()
        if isinstance(error, OSError):
            raise EngineDown(f"the engine did not start {program}: {error!r}") from error
        raise
    early, _closed = connection.trailing_data
    return ExecStream(exec_id, reader, writer, tty, bytes(early))


async def _ask(method: str, path: str, body: Any = None) -> dict[str, Any]:
    """One call to the sandbox engine, which is ours and trusted."""
    try:
        async with asyncio.timeout(MOST_SECONDS):
            connection, reader, writer = await _connect()
            try:
                await _send(connection, writer, method, path, body, [("Connection", "close")])
                return await _answer(connection, reader)
            finally:
                writer.close()
    except OSError as error:  # TimeoutError is one too
        raise EngineDown(f"{method} {path}: {error!r}") from error


async def _answer(connection: h11.Connection, reader: asyncio.StreamReader) -> dict[str, Any]:
    response = await _next_event(connection, reader)
    content = bytearray()
    while not isinstance(event := await _next_event(connection, reader), h11.EndOfMessage):
        if isinstance(event, h11.Data):
            content += event.data
        elif isinstance(event, h11.ConnectionClosed):
            break
    status = response.status_code
    if status in (404, 409):
        raise SandboxGone(content.decode(errors="replace"))
    if status >= 400:
        raise SandboxError(content.decode(errors="replace"))
    answer = json.loads(content) if content.strip() else {}
    return answer if isinstance(answer, dict) else {}


async def _connect() -> tuple[h11.Connection, asyncio.StreamReader, asyncio.StreamWriter]:
    path = settings.SANDBOX_ENGINE.removeprefix("unix://")
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=READ_AHEAD)
    except OSError as error:
        raise EngineDown(str(error)) from error
    return h11.Connection(h11.CLIENT), reader, writer


async def _send(
    connection: h11.Connection,
    writer: asyncio.StreamWriter,
    method: str,
    path: str,
    body: Any,
    headers: list[tuple[str, str]],
) -> None:
    content = json.dumps(body).encode() if body is not None else b""
    request = h11.Request(
        method=method,
        target=f"/v{API_VERSION}{path}",
        headers=[
            ("Host", "engine"),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(content))),
            *headers,
        ],
    )
    parts = [request, h11.Data(data=content), h11.EndOfMessage()]
    writer.write(b"".join(connection.send(part) or b"" for part in parts))
    await writer.drain()


async def _next_event(connection: h11.Connection, reader: asyncio.StreamReader) -> Any:
    try:
        while (event := connection.next_event()) is h11.NEED_DATA:
            connection.receive_data(await reader.read(READ_SIZE))
    except h11.ProtocolError as error:  # it went away within an answer
        raise EngineDown(str(error)[:200]) from error
    return event
