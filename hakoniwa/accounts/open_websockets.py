"""Of one person's websockets of a kind only so many are open: the oldest give way."""

from typing import Any

from channels.exceptions import DenyConnection
from channels.generic.websocket import AsyncWebsocketConsumer

from hakoniwa.rate_limits import Limit, TooOften

from .models import User

MOST_OPEN = 16
# Of the codes that are for applications (RFC 6455, section 7.4.2).
TOO_MANY = 4012
# A few tabs that all lost their connection try again by themselves.
OPENINGS = Limit("websocket", 240, 60, "person")


class CountedConsumer(AsyncWebsocketConsumer):
    """A websocket that closes when its person has opened MOST_OPEN newer ones of its kind.

    Each tells the others when it opens and closes. So it holds across processes, and no count is
    kept anywhere that a crash could leave wrong.
    """

    crowd = ""

    def __init__(self) -> None:
        super().__init__()
        self.newer: set[str] = set()

    async def join_crowd(self) -> None:
        """Raises DenyConnection for a stranger, and for whoever opens one after the other."""
        person = self.scope["user"]
        if not isinstance(person, User):
            raise DenyConnection
        try:
            await OPENINGS.aspend(person.pk)
        except TooOften:
            raise DenyConnection from None
        self.crowd = f"open.{type(self).__name__}.{person.pk}"
        await self._tell_crowd("crowd.opened")
        await self.channel_layer.group_add(self.crowd, self.channel_name)

    async def leave_crowd(self) -> None:
        if self.crowd:
            await self.channel_layer.group_discard(self.crowd, self.channel_name)
            await self._tell_crowd("crowd.closed")

    async def crowd_opened(self, event: dict[str, Any]) -> None:
        self.newer.add(event["channel"])
        if len(self.newer) >= MOST_OPEN:
            await self.one_too_many()

    async def crowd_closed(self, event: dict[str, Any]) -> None:
        self.newer.discard(event["channel"])

    async def one_too_many(self) -> None:
        await self.close(TOO_MANY)

    async def _tell_crowd(self, news: str) -> None:
        message = {"type": news, "channel": self.channel_name}
        await self.channel_layer.group_send(self.crowd, message)
