"""What somebody in a sandbox asks the proxy for: a tunnel (CONNECT), or one page over plain HTTP.

RFC 9110 (9.3.6, 7.6.1) and RFC 9112 (3.2), by h11. Whatever comes is hostile.
"""

import asyncio
import re
from dataclasses import dataclass

import h11

from .refusals import Refused

LONGEST_HEAD = 16 * 1024
PORTS = (80, 443)
_HOST = r"(?:\[(?P<literal>[0-9A-Fa-f:.]{2,45})\]|(?P<name>[A-Za-z0-9._-]{1,253}))"
_TUNNEL = re.compile(rf"{_HOST}:(?P<port>[0-9]{{1,5}})", re.ASCII)
_PAGE = re.compile(rf"http://{_HOST}(?::(?P<port>[0-9]{{1,5}}))?(?P<path>[/?].*)?", re.ASCII | re.I)
# Between the client and us, or for the whole connection, of which there is one for a request.
_OURS = {
    b"connection",
    b"keep-alive",
    b"proxy-connection",
    b"proxy-authorization",
    b"te",
    b"upgrade",
    b"host",
}


@dataclass
class Asked:
    """A request's head. `head` is what goes to the server instead; none for a tunnel."""

    host: str
    port: int
    head: h11.Request | None


async def read_asked(reader: asyncio.StreamReader, http: h11.Connection) -> Asked:
    """Raises Refused, and EOFError where nothing was asked."""
    try:
        while (event := http.next_event()) is h11.NEED_DATA:
            http.receive_data(await reader.read(LONGEST_HEAD))
    except h11.RemoteProtocolError as error:
        too_long = error.error_status_hint == 431
        reason = "the head is too long" if too_long else "this is no request to a proxy"
        raise Refused(error.error_status_hint, reason) from None
    if not isinstance(event, h11.Request):
        raise EOFError
    return _asked(event)


def _asked(request: h11.Request) -> Asked:
    tunnel = request.method == b"CONNECT"
    found = (_TUNNEL if tunnel else _PAGE).fullmatch(request.target.decode("ascii", "replace"))
    if not found:
        raise Refused(400, "ask a proxy for http://... or by CONNECT")
    host, port = found["literal"] or found["name"], int(found["port"] or 80)
    if found["name"] and "." not in host:
        raise Refused(403, f"{host} is not on the internet; add it to no_proxy")
    if port not in PORTS:
        raise Refused(403, f"port {port} is closed; only 80 and 443 are open")
    return Asked(host, port, None if tunnel else _to_the_server(request, found))


def _to_the_server(request: h11.Request, found: re.Match[str]) -> h11.Request:
    path = found["path"] or "/"
    where = found[0].partition("://")[2].removesuffix(found["path"] or "")
    named = b",".join(value for name, value in request.headers if name == b"connection").lower()
    dropped = _OURS | {name.strip() for name in named.split(b",")}
    kept = [(bytes(name), bytes(value)) for name, value in request.headers if name not in dropped]
    return h11.Request(
        method=request.method,
        target=path if path.startswith("/") else f"/{path}",
        headers=[(b"Host", where.encode()), *kept, (b"Connection", b"close")],
    )
