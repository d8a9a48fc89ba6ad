"""Ports over HTTP, as an ASGI application: Django's own would read a request's body first, and
its middleware is for pages of the site."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from sandbox.services import mark_active

from . import headers, pages
from .exchange import Exchange, Receive
from .problems import BrokenAnswer, PortProblem
from .tunnel import tunnel_to
from .visits import Visit

log = logging.getLogger(__name__)

# Of an answer. Whether the session goes on is asked with each request, so none lasts longer.
MOST_SECONDS = 300.0

Send = Callable[[dict[str, Any]], Awaitable[None]]


async def port_application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Answer one request at `/ports/<token>/<port>/…`."""
    visit = Visit(scope)
    try:
        if settings.SECURE_SSL_REDIRECT and not visit.is_secure:
            await _redirect(send, f"https://{visit.host}{scope['path']}")
        elif not visit.target:
            await _redirect(send, f"{visit.place.path}/")
        elif visit.from_a_port and (asked := visit.asks_before) is not None:
            await _answer(send, 204, headers.preflight(asked))
        else:
            await _show(visit, scope, receive, send)
    except PortProblem as problem:
        log.info("port %s: %s %s", visit.port, type(problem).__name__, str(problem)[:200])
        page = pages.problem_page(problem, visit.port, await visit.language())
        await _answer(send, problem.status, pages.HEADERS, page.encode())


async def _show(visit: Visit, scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Raises PortProblem as long as nothing has been answered."""
    place = visit.place
    admission = await visit.admit()
    if visit.is_page:
        await mark_active(admission.sandbox)
    async with tunnel_to(admission.sandbox, place.port) as tunnel:
        exchange = Exchange(tunnel)
        try:
            asked = headers.for_app(scope["headers"], place) + _framing(scope["headers"])
            await exchange.ask(visit.method, visit.target, asked, receive)
            head = await exchange.answer()
            shown = headers.for_browser(head.headers, place, opaque=visit.from_a_port)
            await send(
                {"type": "http.response.start", "status": head.status_code, "headers": shown}
            )
            try:
                async with asyncio.timeout(MOST_SECONDS):
                    async for piece in exchange.body():
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
            except (BrokenAnswer, TimeoutError) as problem:
                log.info("port %s: cut off, %r", place.port, problem)
            await send({"type": "http.response.body", "body": b""})
        finally:
            await exchange.close()


def _framing(given: headers.Headers) -> headers.Headers:
    """How the request's body is told from what follows; none where there is no body."""
    named = dict(given)
    if b"transfer-encoding" in named:
        return [(b"transfer-encoding", b"chunked")]
    length = named.get(b"content-length")
    return [(b"content-length", length)] if length else []


async def _redirect(send: Send, target: str) -> None:
    await _answer(send, 302, [(b"location", target.encode()), *headers.own_headers(opaque=False)])


async def _answer(send: Send, status: int, head: headers.Headers, body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
