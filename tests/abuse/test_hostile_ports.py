"""A learner's app answers what no web server should: the site is safe, and says what it saw."""

import asyncio
import resource
import socket
import time
from collections.abc import Iterator

import pytest
from channels.testing import WebsocketCommunicator

from hakoniwa.asgi import application
from sandbox.ports.lanes import BYTES_PER_SECOND
from tests.browser.conftest import Site, site
from tests.browser.guests import Guest, guest
from tests.engine.app_in_sandbox import serve, stop, wait_until_no_tunnel_is_left
from tests.engine.conftest import Sandbox
from tests.engine.test_ports import PART, Browser, ask, browser

from .test_hostile_engine import longest_pause

__all__ = ["browser", "guest", "site"]

pytestmark = pytest.mark.django_db(transaction=True)
PORT = 9000

ANSWERS = {
    "bytes that are no HTTP": 'print "\\0" x 60000, "\\r\\n\\r\\n";',
    "an answer as HTTP/0.9 had it": 'print "<p>hello</p>\\n";',
    "a hundred megabytes of headers": (
        'print "HTTP/1.1 200 OK\\r\\n"; print "X-A: ", "a" x 1000, "\\r\\n" for 1 .. 100000;'
    ),
    "one header without an end": 'print "HTTP/1.1 200 OK\\r\\nX-A: "; print "a" x 65536 while 1;',
    "news of an answer without end": 'print "HTTP/1.1 100 Continue\\r\\n\\r\\n" while 1;',
    "another protocol that nobody asked for": (
        'print "HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: x\\r\\n\\r\\n";'
    ),
    "two lengths": (
        'print "HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\nContent-Length: 5\\r\\n\\r\\nhello";'
    ),
    "a length that is none": 'print "HTTP/1.1 200 OK\\r\\nContent-Length: -1\\r\\n\\r\\nhello";',
    "a coding that nobody knows": (
        'print "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\nhello";'
    ),
    "a header with a line break in it": (
        'print "HTTP/1.1 200 OK\\r\\nETag: a\\rSet-Cookie: sessionid=b\\r\\n\\r\\n";'
    ),
    "a header folded over lines": (
        'print "HTTP/1.1 200 OK\\r\\n Set-Cookie: sessionid=b\\r\\n\\r\\n";'
    ),
    "no answer at all": "exit;",
    "a status that is none": 'print "HTTP/1.1 9999 OK\\r\\n\\r\\n";',
}


@pytest.fixture(autouse=True)
def nothing_is_left(sandbox: Sandbox) -> Iterator[None]:
    yield
    stop(sandbox, PORT)


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_out_of_form_is_a_page_that_says_so(browser: Browser, name: str) -> None:
    serve(browser.inside, PORT, ANSWERS[name])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    heart = asyncio.create_task(longest_pause())
    shown = await browser.page(await browser.open(PORT))
    heart.cancel()
    assert shown.status == 502
    assert f"port {PORT}" in shown.text
    assert "script-src 'self'" in shown.headers["content-security-policy"]
    assert "set-cookie" not in shown.headers
    assert await heart < 0.5, "others wait"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 64 * 1024


async def test_an_answer_in_two_framings_is_one_answer(browser: Browser) -> None:
    """The safe outcome: nothing after the end is taken for another answer."""
    serve(
        browser.inside,
        PORT,
        'print "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n";'
        'print "Content-Length: 99\\r\\n\\r\\n",'
        '"5\\r\\nhello\\r\\n0\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\nSet-Cookie: a=b\\r\\n\\r\\nmore";',
    )
    shown = await browser.page(await browser.open(PORT))
    assert shown.body == b"hello"
    assert "content-length" not in shown.headers
    assert "set-cookie" not in shown.headers


async def test_an_answer_that_breaks_off_ends(browser: Browser) -> None:
    serve(browser.inside, PORT, 'print "HTTP/1.1 200 OK\\r\\nContent-Length: 99\\r\\n\\r\\nhello";')
    shown = await browser.page(await browser.open(PORT))
    assert (shown.status, shown.body) == (200, b"hello")


async def test_an_app_that_never_answers_is_given_up(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.ports.exchange.FIRST_BYTE_SECONDS", 1)
    serve(browser.inside, PORT, "print 'H'; sleep 600;")
    shown = await browser.page(await browser.open(PORT))
    assert shown.status == 504
    assert "took too long" in shown.text


async def test_an_answer_without_end_is_cut_off(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By bytes and by time; it comes no faster than others can bear."""
    monkeypatch.setattr("sandbox.ports.exchange.MOST_ANSWERED_BYTES", 12 * 1024 * 1024)
    serve(browser.inside, PORT, 'print "HTTP/1.1 200 OK\\r\\n\\r\\n"; print "x" x 65536 while 1;')
    address = await browser.open(PORT)
    heart = asyncio.create_task(longest_pause())
    begun = time.monotonic()
    flood = await browser.page(address)
    rate = len(flood.body) / (time.monotonic() - begun)
    heart.cancel()
    assert 11 * 1024 * 1024 < len(flood.body) <= 12 * 1024 * 1024
    assert rate < 2 * BYTES_PER_SECOND
    assert await heart < 0.5
    monkeypatch.setattr("sandbox.ports.application.MOST_SECONDS", 0.5)
    assert len((await browser.page(address)).body) < 12 * 1024 * 1024
    wait_until_no_tunnel_is_left(browser.inside, PORT)


async def test_more_than_may_be_sent_is_refused(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.ports.exchange.MOST_SENT_BYTES", 100_000)
    serve(browser.inside, PORT, "text('text/plain', length $body);")
    address = await browser.open(PORT)
    assert (await ask(address, PART, "POST", b"x" * 100_000)).body == b"100000"
    refused = await ask(address, PART, "POST", b"x" * 100_001)
    assert refused.status == 413
    assert "too much to send" in refused.text


async def test_an_app_that_does_not_read_holds_nobody_up(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.streams.MOST_SECONDS", 1)
    serve(browser.inside, PORT, "sleep 600;")
    browser.inside.shell(
        f"sed -i 's/^  while (defined/  sleep 600; while (defined/' /tmp/app-{PORT}.pl"
    )
    stop(browser.inside, PORT)
    browser.inside.shell(f"setsid -f perl /tmp/app-{PORT}.pl {PORT} >/dev/null 2>&1; sleep 0.5")
    heart = asyncio.create_task(longest_pause())
    shown = await ask(await browser.open(PORT), PART, "POST", b"x" * 8_000_000)
    heart.cancel()
    assert shown.status == 502
    assert await heart < 0.5


HOSTILE_SOCKETS = {
    "a message without end": (
        'websocket(); print chr 0x02, chr 127, pack("Q>", 1 << 40); print "x" x 65536 while 1;'
    ),
    "a message in pieces without end": (
        'websocket(); print chr 0x01, chr 1, "x"; print chr 0x00, chr 126, pack("n", 60000),'
        ' "x" x 60000 while 1;'
    ),
    "text that is none": 'websocket(); frame(1, "\\xff\\xfe"); sleep 5;',
    "frames that are masked": 'websocket(); print chr 0x81, chr 0x81, "abcd", "x"; sleep 5;',
    "an end in the middle": 'websocket(); print chr 0x81, chr 99, "x"; exit;',
}


@pytest.mark.parametrize("name", HOSTILE_SOCKETS)
async def test_a_hostile_websocket_is_closed(browser: Browser, name: str) -> None:
    serve(browser.inside, PORT, HOSTILE_SOCKETS[name])
    connection = WebsocketCommunicator(
        application,
        await browser.open(PORT),
        headers=[(b"host", b"localhost"), (b"origin", b"null")],
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (await connection.connect(timeout=10))[0]
    assert (await connection.receive_output(10))["type"] == "websocket.close"
    await connection.disconnect()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 64 * 1024


HANDSHAKES = {
    "no handshake": 'print "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n";',
    "a wrong answer to the key": (
        'print "HTTP/1.1 101 X\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n'
        'Sec-WebSocket-Accept: AAAA\\r\\n\\r\\n";'
    ),
    "headers without end": 'print "HTTP/1.1 101 X\\r\\n"; print "A: b\\r\\n" while 1;',
    "a subprotocol that nobody offered": "websocket('Sec-WebSocket-Protocol: evil');",
}


@pytest.mark.parametrize("name", HANDSHAKES)
async def test_a_handshake_that_is_none_opens_nothing(browser: Browser, name: str) -> None:
    serve(browser.inside, PORT, HANDSHAKES[name])
    connection = WebsocketCommunicator(
        application,
        await browser.open(PORT),
        headers=[(b"host", b"localhost"), (b"origin", b"null")],
    )
    assert not (await connection.connect(timeout=15))[0]


@pytest.mark.parametrize("kind", ["page", "websocket"])
def test_a_browser_that_takes_nothing_costs_no_memory(site: Site, guest: Guest, kind: str) -> None:
    """An app floods, its browser doesn't read: what is on the way stays small."""
    flood = {
        "page": 'print "HTTP/1.1 200 OK\r\n\r\n"; print "x" x 65536 while 1;',
        "websocket": 'websocket(); my $x = "x" x 60000; frame(2, $x) while 1;',
    }
    serve(guest.sandbox, PORT, flood[kind])
    path = guest.path_of(PORT)
    upgrade = (
        "Origin: null\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    )
    with socket.socket() as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect(("127.0.0.1", site.port))
        before = site.memory()
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n"
        lazy.sendall((head + (upgrade if kind == "websocket" else "") + "\r\n").encode())
        assert lazy.recv(12) in (b"HTTP/1.1 200", b"HTTP/1.1 101")
        time.sleep(4)  # 32 MB at the pace that is allowed
        assert site.memory() - before < 12 * 1024 * 1024
        # It was waiting, not broken.
        assert sum(len(lazy.recv(65536)) for _piece in range(2000)) > 1024 * 1024
