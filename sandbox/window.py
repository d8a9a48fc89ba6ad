"""How much of a terminal's output may be under way to a browser."""

import asyncio
import secrets
from collections import deque

from .protocol import MARK_EVERY_BYTES, WINDOW_BYTES


class Window:
    """Bytes sent and not yet drawn, counted by marks.

    A mark is a random number, so that only a browser that has read what was sent can send it
    back: Daphne holds what a client doesn't read in memory, and bounds it nowhere.
    """

    def __init__(self) -> None:
        self._sent = 0
        self._drawn = 0
        self._marked = 0
        self._marks: deque[tuple[int, int]] = deque()
        self._has_room = asyncio.Event()
        self._has_room.set()

    def sent(self, count: int) -> int | None:
        """So many bytes are under way; the mark to send after them, where one is due."""
        self._sent += count
        if self._sent - self._drawn >= WINDOW_BYTES:
            self._has_room.clear()
        if self._sent - self._marked < MARK_EVERY_BYTES:
            return None
        self._marked = self._sent
        mark = secrets.randbelow(2**53)
        self._marks.append((mark, self._sent))
        return mark

    def drawn(self, mark: int) -> None:
        """The browser has drawn all before this mark; one that was never sent says nothing."""
        if mark not in (known for known, _position in self._marks):
            return
        while True:
            known, self._drawn = self._marks.popleft()
            if known == mark:
                break
        if self._sent - self._drawn < WINDOW_BYTES:
            self._has_room.set()

    async def room(self) -> None:
        """Wait until more may be sent."""
        await self._has_room.wait()
