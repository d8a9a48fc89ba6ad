"""The lesson's live channel: sends the page's fragments as the learner's engine changes."""

import asyncio
import logging
from typing import Any

from asgiref.sync import sync_to_async
from channels.exceptions import DenyConnection

from hakoniwa.accounts.models import User
from hakoniwa.accounts.sessions import SessionConsumer
from sandbox.services import learner_group

from . import live

log = logging.getLogger(__name__)

# Of the codes that are for applications (RFC 6455, section 7.4.2), those that terminals use too.
SIGNED_OUT = 4001
BROKEN = 4011


class LessonConsumer(SessionConsumer):
    following: asyncio.Task[None] | None = None
    group = ""

    def __init__(self) -> None:
        super().__init__()
        self.wake = asyncio.Event()

    async def connect(self) -> None:
        user = self.scope["user"]
        if not isinstance(user, User):
            raise DenyConnection
        try:
            place = await sync_to_async(live.place_of)(user, **self.scope["url_route"]["kwargs"])
        except live.NoSuchPlace:
            raise DenyConnection from None
        self.group = learner_group(user.pk)
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.follow_session()
        await self.accept()
        self.following = asyncio.create_task(self._keep_up(place))

    async def sandbox_changed(self, _event: dict[str, Any]) -> None:
        """The learner has typed something or got a sandbox."""
        self.wake.set()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """The page has nothing to say on this channel."""

    async def signed_out(self) -> None:
        await self.close(SIGNED_OUT)

    async def disconnect(self, code: int) -> None:
        await self.leave_session()
        if self.following is not None:
            self.following.cancel()
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def _keep_up(self, place: live.Place) -> None:
        try:
            await live.follow(place, self.wake, self._show)
        except Exception:
            log.exception("a lesson's live channel broke")
            await self.close(BROKEN)  # the page comes back by itself

    async def _show(self, fragments: str) -> None:
        await self.send(text_data=fragments)
