"""What hangs on a browser's session ends with it, in whatever tab it is: open websockets first."""

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.dispatch import Signal

from .open_websockets import CountedConsumer

# Sent with `guest`: nobody can come back to that account.
guest_left = Signal()


def session_group(session_key: str) -> str:
    """The channel-layer group of the websockets that were opened in a session."""
    return f"session.{session_key}"


def tell_session(old_key: str | None, new_key: str = "") -> None:
    """The session has another key now (a new password, a guest who joined), or has ended."""
    if old_key and (layer := get_channel_layer()):
        message = {"type": "session.changed", "to": new_key}
        async_to_sync(layer.group_send)(session_group(old_key), message)


class SessionConsumer(CountedConsumer):
    """A websocket that hears of its session's end."""

    session_key = ""

    async def follow_session(self) -> None:
        """From now on `signed_out` is called when the session ends.

        Raises DenyConnection for whoever opens one websocket after the other.
        """
        await self.join_crowd()
        await self._follow(str(self.scope["session"].session_key))

    async def leave_session(self) -> None:
        await self.leave_crowd()
        await self._unfollow()

    async def session_changed(self, event: dict[str, Any]) -> None:
        await self._unfollow()
        if event["to"]:
            await self._follow(event["to"])
        else:
            self.session_key = ""
            await self.signed_out()

    async def signed_out(self) -> None:
        """The person is not who they were."""
        raise NotImplementedError

    async def _unfollow(self) -> None:
        if self.session_key:
            await self.channel_layer.group_discard(
                session_group(self.session_key), self.channel_name
            )

    async def _follow(self, session_key: str) -> None:
        self.session_key = session_key
        await self.channel_layer.group_add(session_group(session_key), self.channel_name)
