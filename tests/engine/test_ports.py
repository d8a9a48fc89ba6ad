"""A learner's published ports in the browser: who gets in, and what passes both ways."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.testing import WebsocketCommunicator
from django.test import AsyncClient
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import User
from hakoniwa.asgi import application
from sandbox import services
from sandbox.models import Sandbox as SandboxRow
from sandbox.ports.lanes import MOST_CONNECTIONS
from tests.engine.app_in_sandbox import serve, wait_until_no_tunnel_is_left
from tests.engine.conftest import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

# What a browser sends for a page, and for what a page of an app loads.
PAGE = {"sec-fetch-dest": "document", "sec-fetch-mode": "navigate", "sec-fetch-site": "same-origin"}
PART = {"sec-fetch-dest": "empty", "sec-fetch-mode": "cors", "sec-fetch-site": "cross-site"}
PART |= {"origin": "null"}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Browser:
    """A learner's browser, signed in, with the sandbox that its terminal has."""

    client: AsyncClient
    row: SandboxRow
    inside: Sandbox

    @property
    def session(self) -> str:
        return self.client.cookies["sessionid"].value

    async def open(self, port: int | str, language: str = "en") -> str:
        """The address to which the panel's link leads."""
        answer = await self.client.get(f"/{language}/sandboxes/ports/open/?port={port}")
        assert answer.status_code == 302, answer.content.decode()
        return str(answer.headers["Location"])

    async def panel(self) -> str:
        return (await self.client.get("/en/sandboxes/ports/")).content.decode()

    async def page(self, address: str, **headers: str) -> Answer:
        return await ask(address, PAGE | {"cookie": f"sessionid={self.session}"} | headers)


async def ask(
    address: str,
    headers: dict[str, str],
    method: str = "GET",
    body: bytes = b"",
    seconds: float = 20,
) -> Answer:
    """One request to the site as it comes from a browser."""
    path, _mark, query = address.partition("?")
    given = {"host": "localhost:8000"} | headers
    if body:
        given["content-length"] = str(len(body))
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "scheme": "http",
    }
    served: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]
    await served.send_input({"type": "http.request", "body": body})
    start = await served.receive_output(seconds)
    content = b""
    more = True
    while more:
        piece = await served.receive_output(seconds)
        content += piece.get("body", b"")
        more = piece.get("more_body", False)
    await served.wait(seconds)
    names = [name.decode() for name, _value in start["headers"]]
    assert len(names) == len(set(names)), names
    shown = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], shown, content)


async def signed_in(user: User) -> AsyncClient:
    client = AsyncClient()
    await sync_to_async(client.force_login)(user)
    return client


@pytest.fixture
async def browser(learner: User, sandbox: Sandbox) -> Browser:
    """All tests share what is in the sandbox, so each has a port of its own."""
    row = await SandboxRow.objects.acreate(
        owner=learner, state=SandboxRow.State.CLAIMED, container=sandbox.container
    )
    return Browser(await signed_in(learner), row, sandbox)


@pytest.fixture
async def other_browser() -> AsyncIterator[Browser]:
    """Another learner's, with a sandbox that may be ended."""
    learner = await User.objects.acreate(username="other", name="other")
    row = await services.claim(learner)
    inside = Sandbox(os.environ["HAKONIWA_ENGINE"], row.container)
    yield Browser(await signed_in(learner), row, inside)
    await services.end(row, "the test is over")


async def test_a_published_port_opens_behind_the_login(browser: Browser) -> None:
    browser.inside.shell(
        "docker run --rm -d --name web -p 8080:80 nginx && curl -s --retry 20 --retry-all-errors"
        " --retry-delay 0 localhost:8080",
        seconds=60,
    )
    assert "?port=8080" in (panel := await browser.panel())
    assert "web" in panel
    address = await browser.open(8080)
    shown = await browser.page(address)
    assert shown.status == 200
    assert "nginx" in shown.text
    assert shown.headers["content-type"] == "text/html"
    policy = shown.headers["content-security-policy"].split()
    assert policy[0] == "sandbox"
    assert "allow-same-origin" not in policy
    assert shown.headers["referrer-policy"] == "no-referrer"
    missing = await browser.page(f"{address}no-such-page")
    browser.inside.shell("docker kill web")
    assert missing.status == 404
    assert "nginx" in missing.text, "the app's own page, not the site's"


async def test_what_the_page_loads_by_itself_needs_the_address_only(browser: Browser) -> None:
    serve(browser.inside, 8001, "text('application/json', '[1]');")
    address = await browser.open(8001)
    part = await ask(f"{address}api", PART)
    assert (part.status, part.body) == (200, b"[1]")
    assert part.headers["access-control-allow-origin"] == "null"
    assert "access-control-allow-credentials" not in part.headers
    preflight = {"access-control-request-method": "PUT", "access-control-request-headers": "x-mine"}
    allowed = await ask(f"{address}api", PART | preflight, "OPTIONS")
    assert allowed.status == 204
    assert allowed.headers["access-control-allow-headers"] == "x-mine"


async def test_requests_pass_as_they_are_and_nothing_of_the_site_with_them(
    browser: Browser,
) -> None:
    serve(
        browser.inside,
        8002,
        "text('text/plain', join('', \"$method $path\\n\","
        ' map { "$_: $header{$_}\\n" } sort keys %header) . "\\n$body");',
    )
    address = await browser.open(8002)
    headers = PAGE | {
        "cookie": f"sessionid={browser.session}; csrftoken=x; mine=1",
        "authorization": "Basic c2l0ZTpzZWNyZXQ=",
        "x-forwarded-for": "10.0.0.1",
        "x-csrftoken": "x",
        "connection": "keep-alive, x-hop",
        "x-hop": "1",
        "x-mine": "yes",
        "content-type": "text/plain",
    }
    told = (await ask(f"{address}a%2Fb/%E7%AE%B1?q=%20+", headers, "POST", b"posted")).text
    assert told.startswith("POST /a%2Fb/%E7%AE%B1?q=%20+\n")
    assert told.endswith("\n\nposted")
    assert "host: localhost:8002\n" in told
    assert "x-mine: yes\n" in told
    assert f"x-forwarded-prefix: {address.rstrip('/')}\n" in told
    for secret in ("cookie", "authorization", "forwarded-for", "csrf", "x-hop", "sec-", "referer"):
        assert secret not in told, told
    bearer = await ask(address, PART | {"authorization": "Bearer of-the-app"})
    assert "authorization: Bearer of-the-app\n" in bearer.text
    assert "origin: http://localhost:8002\n" in bearer.text


async def test_redirects_stay_within_the_sandbox_or_lead_away(browser: Browser) -> None:
    serve(
        browser.inside,
        8003,
        "print \"HTTP/1.1 302 Found\\r\\nLocation: $header{'x-to'}\\r\\n\";"
        ' print "Content-Length: 0\\r\\n\\r\\n";',
    )
    address = await browser.open(8003)
    here = address.rstrip("/")
    for said, shown in {
        "/login?next=/": f"{here}/login?next=/",
        "http://localhost/folder/": f"{here}/folder/",
        "http://localhost:8003/a": f"{here}/a",
        "http://127.0.0.1:3000/b": f"{here.removesuffix('8003')}3000/b",
        f"{here}/known": f"{here}/known",
        "next": "next",
        "https://example.org/": "https://example.org/",
        "javascript:alert(1)": None,
        "http://[": None,
    }.items():
        answer = await browser.page(address, **{"x-to": said})
        assert answer.headers.get("location") == shown, said


async def test_headers_that_speak_for_the_site_stay_out(browser: Browser) -> None:
    forbidden = [
        "Set-Cookie: sessionid=mine; Path=/",
        "Content-Security-Policy: sandbox allow-same-origin allow-scripts",
        "Strict-Transport-Security: max-age=99999999",
        'Clear-Site-Data: "*"',
        "Service-Worker-Allowed: /",
        "Alt-Svc: h3=:443",
        "Access-Control-Allow-Origin: *",
        "Access-Control-Allow-Credentials: true",
        "X-Accel-Redirect: /etc/passwd",
        "X-Sendfile: /etc/passwd",
        "Refresh: 0; url=/en/",
        "WWW-Authenticate: Basic realm=site",
        "Link: </evil>; rel=preload",
        "Transfer-Coding: x",
    ]
    more = ", ".join(f"'{line}'" for line in forbidden)
    serve(browser.inside, 8004, f"text('text/html', '<p>', 'ETag: x', {more});")
    shown = await browser.page(await browser.open(8004))
    assert shown.headers.keys() == {
        "content-type",
        "etag",
        "content-security-policy",
        "referrer-policy",
        "permissions-policy",
    }
    assert "allow-same-origin" not in shown.headers["content-security-policy"]


async def test_a_large_file_arrives_whole(browser: Browser) -> None:
    serve(
        browser.inside,
        8005,
        "print \"HTTP/1.1 200 OK\\r\\n\\r\\n\"; my $x = join '', map { chr($_ % 251) } 0 .. 65520;"
        " print $x for 1 .. 160;",
    )
    whole = bytes(number % 251 for number in range(65521)) * 160
    shown = await browser.page(await browser.open(8005))
    assert hashlib.sha256(shown.body).digest() == hashlib.sha256(whole).digest()


async def test_an_answer_is_shown_as_it_comes(browser: Browser) -> None:
    """Server-sent events: the first is there long before the last."""
    serve(
        browser.inside,
        8006,
        'print "HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\n\\r\\n";'
        ' print "data: one\\n\\n"; sleep 60;',
    )
    address = await browser.open(8006)
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": address,
        "raw_path": address.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"accept", b"text/event-stream")],
    }
    served: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]
    await served.send_input({"type": "http.request"})
    assert (await served.receive_output(10))["status"] == 200
    assert (await served.receive_output(10))["body"] == b"data: one\n\n"
    await served.send_input({"type": "http.disconnect"})
    await served.wait(10)
    await asyncio.to_thread(wait_until_no_tunnel_is_left, browser.inside, 8006)


@pytest.mark.parametrize(("language", "said"), [("en", "docker ps"), ("ja", "公開")])
async def test_where_nothing_listens_the_page_says_what_to_do(
    browser: Browser, language: str, said: str
) -> None:
    shown = await browser.page(await browser.open(8099, language))
    assert shown.status == 502
    assert "8099" in shown.text
    assert said in shown.text
    assert f'<html lang="{language}"' in shown.text
    assert "script-src 'self'" in shown.headers["content-security-policy"]
    assert shown.headers["x-frame-options"] == "DENY"


async def test_what_speaks_no_http_is_named_so(browser: Browser) -> None:
    browser.inside.shell("docker run --rm -d --name keys -p 6379:6379 redis; sleep 1", seconds=60)
    shown = await browser.page(await browser.open(6379))
    browser.inside.shell("docker kill keys")
    assert shown.status == 502
    assert "does not answer as a web server" in shown.text


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "", "8080/../x", "99999999", "٨"])
async def test_a_port_that_is_none_is_refused_with_a_sentence(browser: Browser, port: str) -> None:
    answer = await browser.client.get("/en/sandboxes/ports/open/", {"port": port})
    assert answer.status_code == 400
    assert "from 1 to 65535" in answer.content.decode()


async def test_nobody_gets_an_address_without_signing_in(browser: Browser) -> None:
    stranger = AsyncClient()
    answer = await stranger.get("/ja/sandboxes/ports/open/?port=8080")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/ja/sign-in/")
    assert (await stranger.get("/ja/sandboxes/ports/")).status_code == 401


async def test_an_address_opens_no_page_for_anybody_else(browser: Browser) -> None:
    serve(browser.inside, 8007, "text('text/html', 'mine');")
    address = await browser.open(8007)
    teacher = await signed_in(await User.objects.aget(username="teacher"))
    other = f"sessionid={teacher.cookies['sessionid'].value}"
    for headers in (
        PAGE,
        PAGE | {"cookie": other},
        PART | {"cookie": other},
        {"accept": "text/html,*/*"},
    ):
        answer = await ask(address, headers)
        assert answer.status == 403, headers
        assert "mine" not in answer.text


async def test_a_pass_is_for_its_own_sandbox_only(browser: Browser, other_browser: Browser) -> None:
    """Another learner's port of the same number is another learner's."""
    serve(browser.inside, 8008, "text('text/html', 'first');")
    serve(other_browser.inside, 8008, "text('text/html', 'second');")
    assert (await browser.page(await browser.open(8008))).text == "first"
    assert (await other_browser.page(await other_browser.open(8008))).text == "second"


async def test_an_address_ends_with_the_session(browser: Browser, learner: User) -> None:
    serve(browser.inside, 8009, "text('text/html', 'mine');")
    address = await browser.open(8009)
    assert (await ask(address, PART)).status == 200
    await browser.client.post("/en/sign-out/")
    ended = await ask(address, PART)
    assert ended.status == 404
    assert "does not work any more" in ended.text
    again = Browser(await signed_in(learner), browser.row, browser.inside)
    assert await again.open(8009) != address


async def test_an_address_ends_with_the_sandbox(other_browser: Browser) -> None:
    serve(other_browser.inside, 8010, "text('text/html', 'mine');")
    address = await other_browser.open(8010)
    assert "docker run -d -p" in await other_browser.panel()
    await services.end(other_browser.row, "its time was over")
    assert (await ask(address, PART)).status == 404
    answer = await other_browser.client.get("/en/sandboxes/ports/open/?port=8010")
    assert answer.status_code == 404
    assert "no sandbox" in answer.content.decode()
    assert "no sandbox" in await other_browser.panel()


async def test_the_sites_own_pages_load_nothing_from_a_port(browser: Browser) -> None:
    """Its scripts would be 'self' to the Content-Security-Policy of the site."""
    serve(browser.inside, 8011, "text('text/javascript', 'evil');")
    address = await browser.open(8011)
    script = {"sec-fetch-dest": "script", "sec-fetch-mode": "no-cors"}
    script |= {"sec-fetch-site": "same-origin", "cookie": f"sessionid={browser.session}"}
    assert (await ask(f"{address}evil.js", script)).status == 405
    worker = PART | {"service-worker": "script"}
    assert (await ask(f"{address}evil.js", worker)).status == 405


async def test_ports_are_served_under_the_sites_own_name_only(
    browser: Browser, settings: Settings
) -> None:
    serve(browser.inside, 8012, "text('text/html', 'mine');")
    address = await browser.open(8012)
    settings.ALLOWED_HOSTS = ["localhost"]
    assert (await ask(address, PART | {"host": "rebound.example"})).status == 405


async def test_one_sandbox_has_so_many_connections(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.ports.lanes.PATIENCE_SECONDS", 0.5)
    serve(browser.inside, 8013, "sleep 60 if $path eq '/hang'; text('text/plain', 'here');")
    address = await browser.open(8013)
    hanging = [
        asyncio.create_task(ask(f"{address}hang", PART)) for _number in range(MOST_CONNECTIONS)
    ]
    await asyncio.sleep(1)
    refused = await ask(address, PART)
    for task in hanging:
        task.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)
    assert refused.status == 503
    assert "too many open connections" in refused.text


def socket_to(address: str, origin: str = "null", cookie: str = "", **more: Any) -> Any:
    headers = [(b"host", b"localhost:8000"), (b"origin", origin.encode())]
    if cookie:
        headers.append((b"cookie", cookie.encode()))
    return WebsocketCommunicator(application, address, headers=headers, **more)


ECHO = (
    "websocket($header{'sec-websocket-protocol'} ? 'Sec-WebSocket-Protocol: b' : ());"
    " frame(9, 'ping'); frame(1, $path);"
    " while (my ($code, $content) = next_frame()) { next if $code == 10;"
    " if ($code == 8) { frame(8, $content); exit } frame($code, $content) }"
)


async def test_websockets_pass_both_ways(browser: Browser) -> None:
    serve(browser.inside, 8014, ECHO)
    address = await browser.open(8014)
    socket = socket_to(f"{address}live?x=1", subprotocols=["a", "b"])
    assert await socket.connect(timeout=10) == (True, "b")
    assert await socket.receive_from(10) == "/live?x=1"
    await socket.send_to(text_data="箱庭")
    assert await socket.receive_from(10) == "箱庭"
    await socket.send_to(bytes_data=b"\x00\xff" * 20_000)
    assert await socket.receive_from(10) == b"\x00\xff" * 20_000
    await socket.disconnect()


async def test_an_app_closes_its_websocket_with_a_code_of_its_own(browser: Browser) -> None:
    serve(browser.inside, 8015, "websocket(); frame(8, pack('n', 4321) . 'bye'); sleep 1;")
    socket = socket_to(await browser.open(8015))
    assert (await socket.connect(timeout=10))[0]
    assert await socket.receive_output(10) == {
        "type": "websocket.close",
        "code": 4321,
    } or await socket.receive_output(10)


async def test_websockets_are_for_pages_of_apps_only(browser: Browser, learner: User) -> None:
    serve(browser.inside, 8016, ECHO)
    address = await browser.open(8016)
    for origin in ("http://localhost:8000", "https://evil.example", ""):
        assert not (await socket_to(address, origin).connect(timeout=10))[0], origin
    teacher = await signed_in(await User.objects.aget(username="teacher"))
    other = f"sessionid={teacher.cookies['sessionid'].value}"
    assert not (await socket_to(address, cookie=other).connect(timeout=10))[0]
    nothing = await browser.open(8098)
    assert not (await socket_to(nothing).connect(timeout=10))[0], "accepted before the app"


async def test_a_page_of_an_app_opens_no_websocket_of_the_site(browser: Browser) -> None:
    path = f"/ws/ja/sandboxes/{browser.row.pk}/terminals/main/"
    mine = f"sessionid={browser.session}"
    assert not (await socket_to(path, cookie=mine).connect(timeout=10))[0]


async def test_signing_out_closes_a_websocket(browser: Browser) -> None:
    serve(browser.inside, 8017, ECHO)
    socket = socket_to(await browser.open(8017))
    await socket.connect(timeout=10)
    await socket.receive_from(10)
    await browser.client.post("/en/sign-out/")
    assert (await socket.receive_output(10))["code"] == 4001
    await socket.disconnect()


async def test_a_form_of_an_app_can_change_nothing_on_the_site(browser: Browser) -> None:
    client = AsyncClient(enforce_csrf_checks=True)
    client.cookies["sessionid"] = browser.session
    client.cookies["csrftoken"] = "a" * 32
    form = {"csrfmiddlewaretoken": "a" * 32}
    answer = await client.post("/en/sandboxes/afresh/", form, headers={"origin": "null"})
    assert answer.status_code == 403
