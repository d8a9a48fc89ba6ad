"""Of values that come in a flood only the newest counts."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from hakoniwa import background

T = TypeVar("T")


class Newest(Generic[T]):
    """Hands a value on at once; of those that follow only the newest, once in `seconds`."""

    def __init__(self, hand_on: Callable[[T], Awaitable[None]], seconds: float) -> None:
        self._hand_on = hand_on
        self._seconds = seconds
        self._waiting: list[T] = []
        self._work: asyncio.Task[None] | None = None

    def put(self, value: T) -> None:
        self._waiting = [value]
        if self._work is None or self._work.done():
            self._work = background.start(self._go_on(), "handing on the newest")

    def stop(self) -> None:
        """What still waits is dropped."""
        self._waiting.clear()
        if self._work is not None:
            self._work.cancel()

    async def _go_on(self) -> None:
        while self._waiting:
            await self._hand_on(self._waiting.pop())
            await asyncio.sleep(self._seconds)
