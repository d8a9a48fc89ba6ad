"""What the page's channels have in common: news when something changes in a learner's sandbox."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from hakoniwa.accounts.models import User
from hakoniwa.accounts.sessions import SessionConsumer

from .protocol import Close
from .services import learner_group

log = logging.getLogger(__name__)


class LearnerChannel(SessionConsumer):
    """A websocket on which only the site speaks, of one learner; `wake` is set by each change."""

    telling: asyncio.Task[None] | None = None
    group = ""

    def __init__(self) -> None:
        super().__init__()
        self.wake = asyncio.Event()

    async def open(self, learner: User, tell: Callable[[], Awaitable[None]]) -> None:
        """Take the handshake; `tell` then runs until the page goes.

        Raises DenyConnection for whoever opens one websocket after the other.
        """
        await self.follow_session()
        self.group = learner_group(learner.pk)
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        self.telling = asyncio.create_task(self._tell(tell))

    async def sandbox_changed(self, _event: dict[str, Any]) -> None:
        """The learner has typed something or got a sandbox."""
        self.wake.set()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """The page has nothing to say on this channel."""

    async def signed_out(self) -> None:
        await self.close(int(Close.SIGNED_OUT))

    async def disconnect(self, code: int) -> None:
        await self.leave_session()
        if self.telling is not None:
            self.telling.cancel()
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def _tell(self, tell: Callable[[], Awaitable[None]]) -> None:
        try:
            await tell()
        except Exception:
            log.exception("%s broke", type(self).__name__)
            await self.close(int(Close.ENGINE_LOST))  # the page comes back by itself
