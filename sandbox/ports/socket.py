"""A websocket between a page of a learner's app and the app, message by message.

The app's end is a client of our own (RFC 6455, by `websockets` without its input and output): the
bytes travel in a tunnel, and what comes out of that is hostile.
"""

from collections.abc import AsyncIterator, Iterable

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.typing import Origin, Subprotocol
from websockets.uri import parse_uri

from .problems import BrokenAnswer
from .tunnel import Tunnel, nothing_came

# As much as Daphne takes from a browser (ADR 14).
MOST_MESSAGE_BYTES = 1024 * 1024


class AppSocket:
    """The app's end."""

    def __init__(self, tunnel: Tunnel, port: int, target: str, subprotocols: Iterable[str]) -> None:
        self._tunnel = tunnel
        self._protocol = ClientProtocol(
            parse_uri(f"ws://localhost:{port}{target}"),
            origin=Origin(f"http://localhost:{port}"),
            subprotocols=[Subprotocol(name) for name in subprotocols] or None,
            max_size=MOST_MESSAGE_BYTES,
        )
        self._any = False

    async def open(self) -> None:
        """Shake hands. Raises PortProblem."""
        self._protocol.send_request(self._protocol.connect())
        await self._flush()
        while self._protocol.state is State.CONNECTING and self._protocol.handshake_exc is None:
            if not await self._receive() and not self._any:
                raise await nothing_came(self._tunnel)
        if self._protocol.handshake_exc is not None:
            raise BrokenAnswer(str(self._protocol.handshake_exc))

    @property
    def subprotocol(self) -> str | None:
        """What the app chose of those that were offered."""
        return self._protocol.subprotocol

    async def messages(self) -> AsyncIterator[str | bytes]:
        """What the app sends, until either end closes. Raises BrokenAnswer."""
        parts: list[bytes] = []
        text = False
        while True:
            for event in self._protocol.events_received():
                if not isinstance(event, Frame) or event.opcode in (Opcode.PING, Opcode.PONG):
                    continue
                if event.opcode is Opcode.CLOSE:
                    return
                if event.opcode is not Opcode.CONT:
                    text = event.opcode is Opcode.TEXT
                parts.append(bytes(event.data))
                if event.fin:
                    yield _message(b"".join(parts), text=text)
                    parts.clear()
            if error := self._protocol.parser_exc:
                raise BrokenAnswer(str(error))
            if not await self._receive():
                return

    async def send(self, message: str | bytes) -> None:
        """Raises BrokenAnswer where it can't be sent any more."""
        try:
            if isinstance(message, str):
                self._protocol.send_text(message.encode())
            else:
                self._protocol.send_binary(message)
        except InvalidState as error:
            raise BrokenAnswer(str(error)) from error
        await self._flush()

    @property
    def close_code(self) -> int:
        """What the app closed with, where a browser may be told that code."""
        said = self._protocol.close_rcvd
        return int(said.code) if said and 3000 <= said.code <= 4999 else 1000

    async def _receive(self) -> bool:
        """Whether anything came."""
        piece = await self._tunnel.read()
        if piece:
            self._any = True
            self._protocol.receive_data(piece)
        else:
            self._protocol.receive_eof()
        await self._flush()  # it answers pings and closes by itself
        return bool(piece)

    async def _flush(self) -> None:
        if data := b"".join(self._protocol.data_to_send()):
            await self._tunnel.write(data)


def _message(content: bytes, *, text: bool) -> str | bytes:
    """Raises BrokenAnswer for text that is none."""
    if not text:
        return content
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise BrokenAnswer("text that is none") from error
