"""The page's channel on how its learner's sandbox stands."""

import asyncio
import contextlib
import json
from functools import partial

from channels.exceptions import DenyConnection

from hakoniwa.accounts.models import User

from .learner_channel import LearnerChannel
from .standing import standing_of

# What another process did (the keeper, a second site) is seen by looking.
LOOK_SECONDS = 10.0
LOOK_WHILE_WAITING_SECONDS = 2.0
# A command typed sends several pieces of news; they are worth one look.
SETTLE_SECONDS = 0.3


class StandingConsumer(LearnerChannel):
    async def connect(self) -> None:
        user = self.scope["user"]
        if not isinstance(user, User):
            raise DenyConnection
        await self.open(user, partial(self._keep_up, user))

    async def _keep_up(self, learner: User) -> None:
        while True:
            standing = await standing_of(learner)
            await self.send(text_data=json.dumps({"state": standing.state, **standing.told}))
            waits = standing.state in ("queued", "turn")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_WHILE_WAITING_SECONDS if waits else LOOK_SECONDS):
                    await self.wake.wait()
            await asyncio.sleep(SETTLE_SECONDS)
            self.wake.clear()
