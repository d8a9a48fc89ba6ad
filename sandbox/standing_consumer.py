"""The page's channel on how its learner's sandbox stands."""

import asyncio
import contextlib
import json
import logging
from typing import Any

from channels.exceptions import DenyConnection

from hakoniwa.accounts.models import User
from hakoniwa.accounts.sessions import SessionConsumer

from .protocol import Close
from .services import learner_group
from .standing import standing_of

log = logging.getLogger(__name__)

# What another process did (the keeper, a second site) is seen by looking.
LOOK_SECONDS = 10.0
LOOK_WHILE_WAITING_SECONDS = 2.0
# A command typed sends several pieces of news; they are worth one look.
SETTLE_SECONDS = 0.3


class StandingConsumer(SessionConsumer):
    telling: asyncio.Task[None] | None = None
    group = ""

    def __init__(self) -> None:
        super().__init__()
        self.wake = asyncio.Event()

    async def connect(self) -> None:
        user = self.scope["user"]
        if not isinstance(user, User):
            raise DenyConnection
        self.group = learner_group(user.pk)
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.follow_session()
        await self.accept()
        self.telling = asyncio.create_task(self._keep_up(user))

    async def sandbox_changed(self, _event: dict[str, Any]) -> None:
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

    async def _keep_up(self, learner: User) -> None:
        try:
            while True:
                standing = await standing_of(learner)
                await self.send(text_data=json.dumps({"state": standing.state, **standing.told}))
                with contextlib.suppress(TimeoutError):
                    waits = standing.state in ("queued", "turn")
                    async with asyncio.timeout(
                        LOOK_WHILE_WAITING_SECONDS if waits else LOOK_SECONDS
                    ):
                        await self.wake.wait()
                await asyncio.sleep(SETTLE_SECONDS)
                self.wake.clear()
        except Exception:
            log.exception("a page's standing channel broke")
            await self.close(int(Close.ENGINE_LOST))  # the page comes back by itself
