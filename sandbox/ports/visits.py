"""A browser at a port's address: what it asks for, and whether it may."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.utils.translation import get_language_from_request

from .headers import Place
from .passes import Admission, language_of, port_number, redeem
from .problems import NotYours, Refused

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Visit:
    """One request, HTTP or a websocket's handshake."""

    def __init__(self, scope: Mapping[str, Any]) -> None:
        self._scope = scope
        self._request = ASGIRequest({"method": "GET", **scope}, BytesIO())
        route = scope["url_route"]["kwargs"]
        self.token: str = route["token"]
        self._port: str = route["port"]
        self.method: str = scope.get("method", "GET")

    @property
    def place(self) -> Place:
        """Raises NoSuchPort."""
        return Place(self.token, port_number(self._port))

    @property
    def port(self) -> str:
        """As it was typed."""
        return self._port

    @property
    def target(self) -> bytes:
        """What the app is asked for: the address below its place, byte by byte."""
        raw = self._scope.get("raw_path") or self._scope["path"].encode()
        path = b"/" + raw.split(b"/", 4)[4] if raw.count(b"/") > 3 else b""
        query = self._scope["query_string"]
        return path + (b"?" + query if query and path else b"")

    @property
    def from_a_port(self) -> bool:
        """Whether a page of an app asks: its origin is one of its own, with no name."""
        return self._request.headers.get("Origin") == "null"

    @property
    def asks_before(self) -> bytes | None:
        """Where it is a preflight, the headers that are asked about."""
        headers = self._request.headers
        if self.method == "OPTIONS" and "Access-Control-Request-Method" in headers:
            return headers.get("Access-Control-Request-Headers", "").encode("latin-1")
        return None

    @property
    def is_secure(self) -> bool:
        return self._request.is_secure()

    @property
    def host(self) -> str:
        """Raises Refused for a name that is not the site's."""
        try:
            return self._request.get_host()
        except DisallowedHost as error:
            raise Refused(str(error)) from None

    async def admit_socket(self) -> Admission:
        """As `admit`, for a websocket: only a page of an app opens one."""
        if not self.from_a_port:
            raise Refused("another origin")
        return await self.admit()

    async def admit(self) -> Admission:
        """Raises PassEnded, NotYours or Refused.

        The token alone opens a port for what a page there loads by itself: it has no origin whose
        cookies a browser would send. For a page itself the browser must be the one that opened it.
        """
        _name = self.host
        if self.method not in METHODS or self._request.headers.get("Service-Worker"):
            raise Refused(self.method)
        admission = await redeem(self.token)
        session = self._request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if session and session != admission.session.session_key:
            raise NotYours("another session")
        if self.is_page and not session:
            raise NotYours("no session")
        if self._is_for_the_site:
            raise Refused("a page of the site must not load from here")
        return admission

    @property
    def is_page(self) -> bool:
        """Whether it will be shown in a tab, as a page of its own."""
        headers = self._request.headers
        # Browsers say so over HTTPS and on localhost (https://www.w3.org/TR/fetch-metadata/).
        if purpose := headers.get("Sec-Fetch-Dest"):
            page = purpose == "document"
        else:
            page = headers.get("Accept", "").startswith("text/html")
        # A form that is sent from a page here brings no cookies with it.
        return page and self.method in ("GET", "HEAD")

    @property
    def _is_for_the_site(self) -> bool:
        headers = self._request.headers
        near = headers.get("Sec-Fetch-Site") in ("same-origin", "same-site")
        return near and headers.get("Sec-Fetch-Mode") != "navigate"

    async def language(self) -> str:
        """That of the panel from which the port was opened, else the browser's."""
        return await language_of(self.token) or get_language_from_request(self._request)
