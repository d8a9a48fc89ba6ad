"""Who signs out leaves no open terminal behind, in whatever tab it is."""

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest


def session_group(session_key: str) -> str:
    """The channel-layer group of the terminals that were opened in a session."""
    return f"session.{session_key}"


@receiver(user_logged_out)
def close_terminals(request: HttpRequest, **_signal: Any) -> None:
    key = request.session.session_key
    if key and (layer := get_channel_layer()):
        async_to_sync(layer.group_send)(session_group(key), {"type": "signed.out"})
