"""What a learner typed and the shell has not taken yet."""

import asyncio

from .protocol import MARK_EVERY_BYTES, MOST_WAITING_BYTES

# Given to the shell in one go.
PIECE_BYTES = 16 * 1024


class TooMuchInput(Exception):
    """The client sends more than it was told that the shell takes."""


class InputQueue:
    """Bounded: Daphne itself would queue all that a client sends while a shell takes nothing."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._something = asyncio.Event()
        self._taken = 0
        self._told = 0

    def put(self, data: bytes) -> None:
        """Raises TooMuchInput where more than MOST_WAITING_BYTES would wait."""
        if len(self._waiting) + len(data) > MOST_WAITING_BYTES:
            raise TooMuchInput
        self._waiting += data
        self._something.set()

    async def next(self) -> bytes:
        """What is to be given to the shell next; waits until there is something."""
        await self._something.wait()
        piece = bytes(self._waiting[:PIECE_BYTES])
        del self._waiting[:PIECE_BYTES]
        if not self._waiting:
            self._something.clear()
        return piece

    def taken(self, count: int) -> int | None:
        """So many bytes more are the shell's; how many are in all, where the page is due to hear.

        Keystrokes are not worth an answer each: the page only waits when much is under way.
        """
        self._taken += count
        if self._taken - self._told < MARK_EVERY_BYTES:
            return None
        self._told = self._taken
        return self._taken
