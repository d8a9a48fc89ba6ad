"""A bound on websocket frames, which Daphne itself leaves open."""

from typing import Any

from daphne import server
from daphne.ws_protocol import WebSocketFactory

# Sixteen times what a terminal may send at once, so that our own refusal, with its sentence,
# comes first; anything larger is cut off by autobahn (close code 1009) before it is in memory.
MOST_BYTES = 1024 * 1024


class BoundedWebSocketFactory(WebSocketFactory):  # type: ignore[misc]
    def setProtocolOptions(self, **options: Any) -> None:  # noqa: N802 (autobahn's name)
        super().setProtocolOptions(
            maxFramePayloadSize=MOST_BYTES, maxMessagePayloadSize=MOST_BYTES, **options
        )


def apply() -> None:
    """Make Daphne use the bounded factory: it has no option for it (daphne 4.2)."""
    server.WebSocketFactory = BoundedWebSocketFactory
