"""The lesson's live channel: sends the page's fragments as the learner's engine changes."""

from functools import partial

from asgiref.sync import sync_to_async
from channels.exceptions import DenyConnection

from hakoniwa.accounts.models import User
from sandbox.learner_channel import LearnerChannel

from . import live


class LessonConsumer(LearnerChannel):
    async def connect(self) -> None:
        user = self.scope["user"]
        if not isinstance(user, User):
            raise DenyConnection
        try:
            place = await sync_to_async(live.place_of)(user, **self.scope["url_route"]["kwargs"])
        except live.NoSuchPlace:
            raise DenyConnection from None
        await self.open(user, partial(live.follow, place, self.wake, self._show))

    async def _show(self, fragments: str) -> None:
        await self.send(text_data=fragments)
