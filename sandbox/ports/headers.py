"""Which headers pass between a browser and a learner's port, and what they become.

Both lists name what passes; all else stays out. Cookies and what speaks for a whole origin (HSTS,
Clear-Site-Data, Alt-Svc, service workers) would be the site's own, and a web server before the
site may obey X-Accel-Redirect and its like.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

Headers = list[tuple[bytes, bytes]]

# RFC 9110, section 7.6.1; Expect is answered by our own server.
HOP_BY_HOP = {
    *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te"),
    *(b"proxy-connection", b"trailer", b"transfer-encoding", b"upgrade", b"expect"),
}
# Said anew for the app, or nobody's business there.
NOT_FOR_THE_APP = HOP_BY_HOP | {b"host", b"cookie", b"origin", b"referer", b"x-real-ip"}
NOT_FOR_THE_APP |= {b"forwarded", b"service-worker", b"content-length", b"x-csrftoken"}
FOR_THE_BROWSER = {
    *(b"accept-ranges", b"age", b"allow", b"cache-control", b"content-disposition"),
    *(b"content-encoding", b"content-language", b"content-range", b"content-type", b"date"),
    *(b"etag", b"expires", b"last-modified", b"pragma", b"retry-after", b"vary"),
    b"x-content-type-options",
}
LOOPBACK = {"localhost", "127.0.0.1"}
# No `allow-same-origin`, ever: the page's origin is its own, which no cookie and no storage of the
# site belongs to (https://html.spec.whatwg.org/multipage/browsers.html#sandboxing).
SANDBOX = (
    b"sandbox allow-downloads allow-forms allow-modals allow-pointer-lock allow-popups"
    b" allow-scripts"
)


@dataclass(frozen=True)
class Place:
    """A port under its address on the site."""

    token: str
    port: int

    @property
    def path(self) -> str:
        return f"/ports/{self.token}/{self.port}"

    def at(self, port: int) -> "Place":
        return Place(self.token, port)


def for_app(headers: Iterable[tuple[bytes, bytes]], place: Place) -> Headers:
    """What the app is told of a browser's request."""
    given = [(name.lower(), value) for name, value in headers]
    named = b",".join(value.lower() for name, value in given if name == b"connection")
    left_out = NOT_FOR_THE_APP | {name.strip() for name in named.split(b",")}
    here = f"localhost:{place.port}".encode()
    passed = [
        (name, value)
        for name, value in given
        if name not in left_out
        and not name.startswith((b"sec-", b"x-forwarded-"))
        # A browser adds passwords by itself that were meant for the site.
        and (name != b"authorization" or value.lower().startswith(b"bearer "))
    ]
    own = [(b"host", here), (b"x-forwarded-prefix", place.path.encode())]
    if any(name == b"origin" for name, _value in given):
        own.append((b"origin", b"http://" + here))
    return [*own, *passed, (b"connection", b"close")]


def for_browser(headers: Iterable[tuple[bytes, bytes]], place: Place, *, opaque: bool) -> Headers:
    """What a browser is told of an app's answer; `opaque`: a page of the app has asked."""
    passed = [(name, value) for name, value in headers if name.lower() in FOR_THE_BROWSER]
    for name, value in headers:
        if name.lower() == b"location" and (target := redirect(value, place)):
            passed.append((b"location", target))
    return passed + own_headers(opaque=opaque)


def own_headers(*, opaque: bool) -> Headers:
    """What we say of everything that is shown from a port."""
    own = [
        (b"content-security-policy", SANDBOX),
        (b"referrer-policy", b"no-referrer"),
        (b"permissions-policy", b"camera=(), display-capture=(), geolocation=(), microphone=()"),
    ]
    if opaque:
        # To its own pages a port is another origin. Without credentials nobody's cookies count.
        own += [(b"access-control-allow-origin", b"null"), (b"access-control-expose-headers", b"*")]
    return own


def preflight(requested_headers: bytes) -> Headers:
    """The answer to a page that asks whether it may ask (https://fetch.spec.whatwg.org/#cors)."""
    allowed = [(b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")]
    if requested_headers:
        allowed.append((b"access-control-allow-headers", requested_headers))
    return [*own_headers(opaque=True), *allowed, (b"access-control-max-age", b"600")]


def redirect(location: bytes, place: Place) -> bytes:
    """Where a redirect leads from outside; empty for one that leads nowhere.

    On the sandbox's own ports it leads to their addresses here, elsewhere as it says.
    """
    try:
        target = urlsplit(location.decode("ascii"))
        port = target.port or place.port
    except ValueError:
        return b""
    if target.netloc and target.hostname not in LOOPBACK:
        return location if target.scheme in ("http", "https", "") else b""
    if target.scheme not in ("http", "https", ""):
        return b""
    if not target.netloc and not target.path.startswith("/"):
        return location  # relative to where the page is
    there = place.at(port)
    path = target.path or "/"
    if not path.startswith(f"{there.path}/"):  # else the app knows where it is
        path = there.path + path
    return urlunsplit(("", "", path, target.query, target.fragment)).encode()
