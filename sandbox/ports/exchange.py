"""One HTTP request to a learner's port and its answer, streamed both ways over a tunnel.

HTTP/1.1 by h11, which refuses what is out of form: headers in pieces, lengths that contradict each
other, bytes that are no HTTP (RFC 9112). A connection is for one request.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import h11

from .headers import Headers
from .problems import BrokenAnswer, NotHttp, PortProblem, TooLarge, TooSlow
from .tunnel import Tunnel, nothing_came

Receive = Callable[[], Awaitable[dict[str, Any]]]

MOST_SENT_BYTES = 16 * 1024 * 1024
MOST_ANSWERED_BYTES = 256 * 1024 * 1024
# Of an answer, with everything before it (RFC 9110 lets any number of 1xx come first).
LONGEST_HEAD = 64 * 1024
FIRST_BYTE_SECONDS = 60.0


class Exchange:
    """Ask once; `answer` gives the head, `body` what follows it."""

    def __init__(self, tunnel: Tunnel) -> None:
        self._tunnel = tunnel
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
        self._sending: asyncio.Task[None] | None = None
        self._read = 0

    async def ask(self, method: str, target: bytes, headers: Headers, receive: Receive) -> None:
        """Send the request's head, and go on with its body while the answer is read.

        Raises PortProblem.
        """
        try:
            request = h11.Request(method=method, target=target, headers=headers)
            head = self._http.send(request) or b""
        except h11.LocalProtocolError as error:
            raise PortProblem(str(error)) from error
        await self._tunnel.write(head)
        self._sending = asyncio.create_task(self._send_body(receive))

    async def answer(self) -> h11.Response:
        """The answer's head. Raises PortProblem."""
        try:
            async with asyncio.timeout(FIRST_BYTE_SECONDS):
                while True:
                    event = await self._next_event()
                    if isinstance(event, h11.Response):
                        return event
                    if not isinstance(event, h11.InformationalResponse):
                        raise BrokenAnswer("no head")
                    if event.status_code == 101 or self._read > LONGEST_HEAD:
                        raise BrokenAnswer("no answer but news of one")
        except TimeoutError:
            problem = self._problem_of_sending()
            raise problem or TooSlow(f"no head in {FIRST_BYTE_SECONDS:.0f} s") from None

    async def body(self) -> AsyncIterator[bytes]:
        """Raises BrokenAnswer where it is cut off, by the app or by our bound."""
        left = MOST_ANSWERED_BYTES
        while isinstance(event := await self._next_event(), h11.Data):
            left -= len(event.data)
            if left < 0:
                raise BrokenAnswer(f"more than {MOST_ANSWERED_BYTES} bytes")
            yield bytes(event.data)

    async def close(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            with contextlib.suppress(asyncio.CancelledError, PortProblem):
                await self._sending

    async def _send_body(self, receive: Receive) -> None:
        """To the end of the request, then wait for the browser to go away."""
        left = MOST_SENT_BYTES
        try:
            while (message := await receive())["type"] == "http.request":
                left -= len(message.get("body", b""))
                if left < 0:
                    raise TooLarge(f"more than {MOST_SENT_BYTES} bytes")
                parts: list[Any] = [h11.Data(data=message.get("body", b""))]
                if not message.get("more_body", False):
                    parts.append(h11.EndOfMessage())
                await self._tunnel.write(b"".join(self._http.send(part) or b"" for part in parts))
        except h11.LocalProtocolError as error:
            raise BrokenAnswer(str(error)) from error
        finally:
            # Whoever reads the answer notices at once.
            self._tunnel.close()

    def _problem_of_sending(self) -> PortProblem | None:
        if self._sending and self._sending.done() and not self._sending.cancelled():
            error = self._sending.exception()
            return error if isinstance(error, PortProblem) else None
        return None

    async def _next_event(self) -> Any:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                piece = await self._tunnel.read()
                if not piece and not self._read:
                    raise self._problem_of_sending() or await nothing_came(self._tunnel)
                self._read += len(piece)
                self._http.receive_data(piece)
        except h11.RemoteProtocolError as error:
            started = self._http.their_state is not h11.SEND_RESPONSE
            raise (BrokenAnswer if started else NotHttp)(str(error)) from None
        return event
