"""Websockets only for our own pages."""

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import validate_host

DEFAULT_PORTS = {"http": 80, "https": 443}


class SameOrigin:
    """Refuses a handshake whose Origin is not the very host and port it was sent to.

    Browsers send cookies with websockets from any page and no CORS applies, so the Origin is the
    only guard (RFC 6455, section 10.2). Stricter than channels' AllowedHostsOriginValidator, which
    lets in every port of an allowed host: a learner's own web page may come from one.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if _is_ours(headers.get(b"origin", ""), headers.get(b"host", "")):
            return await self.application(scope, receive, send)
        return await WebsocketDenier()(scope, receive, send)


def _is_ours(origin: str, host: str) -> bool:
    try:
        from_page, to_site = urlsplit(origin), urlsplit(f"//{host}")
        default_port = DEFAULT_PORTS[from_page.scheme]
        same_port = (from_page.port or default_port) == (to_site.port or default_port)
    except (KeyError, ValueError):
        return False
    name = to_site.hostname or ""
    # urlsplit takes the brackets off an IPv6 address; ALLOWED_HOSTS is written with them.
    listed = f"[{name}]" if ":" in name else name
    same_name = from_page.hostname == name
    return same_name and same_port and validate_host(listed, settings.ALLOWED_HOSTS)
