"""The engine inside a sandbox, asked over its own socket, with `socat` in there.

The learner is root in there: every answer is hostile input, bounded in bytes, depth and time.
A mounted socket would be quicker, but the learner could point it at another one.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import h11

from .errors import EngineAnswerError, EngineDown, EngineNotFound
from .streams import READ_SIZE, ExecStream, run_in_sandbox

SOCKET = "/run/docker.sock"
# Engine 26.1 is in the sandbox image; it speaks 1.24 to 1.45.
API_VERSION = "1.43"
# An answer, and all answers of one look: reading JSON holds everybody up, 35 ms for a MiB.
MOST_BYTES = 1024 * 1024
MOST_BYTES_A_LOOK = 2 * 1024 * 1024
MOST_SECONDS = 5.0
# The head of an answer; real ones are under 1 KiB.
LONGEST_HEAD = 16 * 1024
# How often one that starts is looked for.
SOCKET_POLL_SECONDS = 0.01
# A flood of events is worth no more looks than these.
EVENT_PAUSE_SECONDS = 0.02


class LearnerEngine:
    """One keep-alive connection to a learner's engine."""

    def __init__(self, stream: ExecStream) -> None:
        self._stream = stream
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
        self._left = MOST_BYTES_A_LOOK

    def begin_look(self) -> None:
        """Several answers that belong together: their sum is bounded too."""
        self._left = MOST_BYTES_A_LOOK

    async def get(self, path: str) -> Any:
        """The JSON answer to a GET. Raises EngineNotFound for a 404, else EngineAnswerError."""
        status, content = await self._answer_to(path)
        if status == 404:
            raise EngineNotFound(path)
        if status != 200:
            raise EngineAnswerError(f"{path}: status {status}")
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            raise EngineAnswerError(f"{path}: not JSON") from None

    async def read(self, path: str) -> bytes | None:
        """The bytes of the answer to a GET; None for anything but 200. Raises EngineAnswerError."""
        status, content = await self._answer_to(path)
        return content if status == 200 else None

    async def head(self, path: str) -> dict[str, str] | None:
        """The headers in the answer to a HEAD, in small letters; None for anything but 200.

        Raises EngineAnswerError.
        """
        try:
            async with asyncio.timeout(MOST_SECONDS):
                status, headers = await self._request("HEAD", path)
                async for _piece in self._body():
                    pass
        except TimeoutError:
            raise EngineAnswerError(f"{path}: no answer in {MOST_SECONDS:.0f} s") from None
        if status != 200:
            return None
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}

    async def events(self) -> AsyncIterator[None]:
        """Yields when something came on the engine's event stream, whatever it says.

        What happened is then looked up: an event is only a reason to look, and not even parsed.
        """
        try:
            async with asyncio.timeout(MOST_SECONDS):
                status, _headers = await self._request("GET", "/events")
        except TimeoutError:
            raise EngineAnswerError(f"/events: no answer in {MOST_SECONDS:.0f} s") from None
        if status != 200:
            raise EngineAnswerError(f"/events: status {status}")
        while await self._stream.read():
            yield
            await asyncio.sleep(EVENT_PAUSE_SECONDS)

    async def ping(self) -> None:
        """Returns when the engine answers. Raises EngineAnswerError."""
        if await self.read("/_ping") is None:
            raise EngineAnswerError("/_ping: not yet")

    async def close(self) -> None:
        await self._stream.close()

    async def _answer_to(self, path: str) -> tuple[int, bytes]:
        content = bytearray()
        try:
            async with asyncio.timeout(MOST_SECONDS):
                status, _headers = await self._request("GET", path)
                async for piece in self._body():
                    content += piece
                    if len(content) > min(MOST_BYTES, self._left):
                        raise EngineAnswerError(f"{path}: more bytes than a lesson makes")
        except TimeoutError:
            raise EngineAnswerError(f"{path}: no answer in {MOST_SECONDS:.0f} s") from None
        self._left -= len(content)
        return status, bytes(content)

    async def _request(self, method: str, path: str) -> tuple[int, Any]:
        if self._http.our_state is h11.DONE:
            try:
                self._http.start_next_cycle()
            except h11.LocalProtocolError as error:
                raise EngineAnswerError(str(error)) from None
        request = h11.Request(
            method=method, target=f"/v{API_VERSION}{path}", headers=[("Host", "docker")]
        )
        try:
            sent = (self._http.send(request) or b"") + (self._http.send(h11.EndOfMessage()) or b"")
            await self._stream.write(sent)
        except (h11.LocalProtocolError, EngineDown) as error:
            raise EngineAnswerError(str(error)) from None
        while True:
            event = await self._next_event()
            if isinstance(event, h11.Response):
                return event.status_code, event.headers
            if not isinstance(event, h11.InformationalResponse):
                raise EngineAnswerError("the connection ended before an answer")

    async def _body(self) -> AsyncIterator[bytes]:
        while True:
            event = await self._next_event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return
            else:
                raise EngineAnswerError("the connection ended within an answer")

    async def _next_event(self) -> Any:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                piece = await self._stream.read()
                if not piece and self._http.their_state is h11.SEND_RESPONSE:
                    raise EngineAnswerError("the connection ended before an answer")
                self._http.receive_data(piece)
        except h11.RemoteProtocolError as error:
            raise EngineAnswerError(str(error)) from None
        return event


@asynccontextmanager
async def learner_engine(container: str, *, starting: bool = False) -> AsyncIterator[LearnerEngine]:
    """A connection to the engine in a sandbox; `starting`: once it has a socket.

    Raises what `run_in_sandbox` raises.
    """
    # Not `docker system dial-stdio`: ten times the memory and the time, for each page that watches.
    patience = f",retry={MOST_SECONDS / SOCKET_POLL_SECONDS:.0f},interval={SOCKET_POLL_SECONDS}"
    address = f"UNIX-CONNECT:{SOCKET}{patience if starting else ''}"
    command = ["socat", f"-b{READ_SIZE}", "-", address]
    engine = LearnerEngine(await run_in_sandbox(container, command, user="root"))
    try:
        yield engine
    finally:
        await engine.close()
