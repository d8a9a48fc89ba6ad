"""What somebody tries on the site itself, from another page or with a tool; what is safe is named.

The real server answers (Daphne on a port of its own), so that what Daphne and Django make of a
strange request is part of the test.
"""

import json
import socket
from collections.abc import Callable
from http.client import HTTPResponse
from typing import Any

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.browser.conftest import Site, site

__all__ = ["site"]

EVIL = "https://evil.example"
MARKUP = "<img src=x onerror=alert(1)>'\"&{{7777*7777}}"
ADD_PEOPLE = """
from hakoniwa.accounts.models import Cohort, User
def add(name, role="learner", cohort=None):
    username = cohort.username_for(name) if cohort else name
    user = User(username=username, name=name, role=role, cohort=cohort)
    user.set_password("correct horse")
    user.save()
    return user
teacher = add("teacher-of-web", "instructor")
cohort = Cohort.objects.create(name=%(markup)r, code="WEBB-4FXT", instructor=teacher)
add("guessed-teacher", "instructor")
add("Hana", cohort=cohort)
add(%(markup)r, cohort=cohort)
"""


class Person:
    """Somebody with a tool that keeps cookies and knows how our forms work."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.http = requests.Session()
        self.http.get(f"{site.url}/en/sign-in/", timeout=45)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.http.get(self.site.url + path, timeout=45, **options)

    def post(self, path: str, data: Any = None, **options: Any) -> requests.Response:
        headers = {"X-CSRFToken": self.http.cookies.get("csrftoken", "")}
        headers |= options.pop("headers", {})
        options = {"timeout": 60, "allow_redirects": False} | options
        return self.http.post(self.site.url + path, data=data, headers=headers, **options)

    def sign_in(self, name: str, code: str = "WEBB-4FXT", **more: str) -> requests.Response:
        form = {"code": code, "name": name, "password": "correct horse"}
        return self.post("/en/sign-in/", form | more)

    def open_terminal(self, sandbox: dict[str, str], origin: str | None) -> ClientConnection:
        """As a page of this origin opens it. Raises InvalidStatus where it is refused."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies)
        return connect(
            f"ws://127.0.0.1:{self.site.port}{sandbox['terminals_url']}main/",
            origin=None if origin is None else Origin(origin),
            additional_headers={"Cookie": cookies},
        )


@pytest.fixture(scope="module", autouse=True)
def people(site: Site) -> None:
    site.manage("shell", "-c", ADD_PEOPLE % {"markup": MARKUP})


@pytest.fixture
def somebody(site: Site) -> Callable[[], Person]:
    return lambda: Person(site)


@pytest.fixture
def hana(somebody: Callable[[], Person]) -> Person:
    person = somebody()
    assert person.sign_in("Hana").status_code == 302
    return person


@pytest.fixture
def with_sandbox(hana: Person) -> dict[str, str]:
    answer = hana.post("/en/sandboxes/")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


DROPPED = 0


def raw(site: Site, lines: bytes) -> tuple[int, bytes]:
    """What is answered to a request of these very lines: status and body, or DROPPED."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=45) as connection:
        answer = HTTPResponse(connection)
        try:
            connection.sendall(lines + b"\r\nConnection: close\r\n\r\n")
            answer.begin()
            return answer.status, answer.read(100_000)
        except ConnectionError:
            return DROPPED, b""


def with_host(site: Site, first_line: str) -> bytes:
    return f"{first_line}\r\nHost: 127.0.0.1:{site.port}".encode()


def still_serves(site: Site) -> None:
    assert requests.get(f"{site.url}/en/", timeout=45).status_code == 200


@pytest.mark.parametrize("path", ["/en/sandboxes/", "/en/sandboxes/afresh/", "/en/sign-out/"])
def test_a_form_on_another_page_is_refused(hana: Person, path: str) -> None:
    """Cookies go along, the token does not; nor does a token with a foreign Origin."""
    for headers in ({"X-CSRFToken": ""}, {"X-CSRFToken": "a" * 64}, {"Origin": EVIL}):
        assert hana.post(path, headers=headers).status_code == 403
    assert "Hana" in hana.get("/en/").text, "still signed in"


def test_a_websocket_from_another_page_is_refused(
    hana: Person, with_sandbox: dict[str, str]
) -> None:
    for origin in (EVIL, "null", "http://127.0.0.1", "http://127.0.0.1:1", None):
        with pytest.raises(InvalidStatus):
            hana.open_terminal(with_sandbox, origin)
    with hana.open_terminal(with_sandbox, hana.site.url) as terminal:
        assert json.loads(terminal.recv(timeout=45))["type"] == "ready"


def test_anothers_sandbox_is_told_from_none_by_nothing(
    somebody: Callable[[], Person], with_sandbox: dict[str, str]
) -> None:
    stranger = somebody()
    stranger.post("/en/try/")
    theirs = stranger.get(with_sandbox["status_url"])
    none = stranger.get("/en/sandboxes/00000000-0000-4000-8000-000000000000/")
    assert (theirs.status_code, theirs.text) == (none.status_code, none.text)
    assert theirs.status_code == 404
    with pytest.raises(InvalidStatus):
        stranger.open_terminal(with_sandbox, stranger.site.url)


def test_a_session_that_was_planted_is_left_at_sign_in(somebody: Callable[[], Person]) -> None:
    """Each way in gives the session a new key, and the old one is nobody's."""
    attacker = somebody()
    attacker.post("/en/try/")
    planted = attacker.http.cookies["sessionid"]
    victim = somebody()
    victim.http.cookies.set("sessionid", planted, domain="127.0.0.1")
    victim.get("/en/sign-in/")
    assert victim.sign_in("Hana").status_code == 302
    assert victim.http.cookies["sessionid"] != planted
    assert "Hana" not in attacker.get("/en/").text
    made_up = somebody()
    made_up.http.cookies.set("sessionid", "a" * 32, domain="127.0.0.1")
    made_up.sign_in("Hana")
    assert "a" * 32 not in made_up.http.cookies.values()


def test_a_session_ends_with_signing_out(hana: Person, somebody: Callable[[], Person]) -> None:
    stolen = hana.http.cookies["sessionid"]
    hana.post("/en/sign-out/")
    thief = somebody()
    thief.http.cookies.set("sessionid", stolen, domain="127.0.0.1")
    assert "Hana" not in thief.get("/en/").text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "", "a" * 5000]
)
def test_another_host_name_is_refused(site: Site, host: str) -> None:
    status, body = raw(site, b"GET /en/ HTTP/1.1\r\nHost: " + host.encode())
    assert status == 400
    assert b"evil" not in body


def test_forwarded_headers_of_strangers_change_nothing(somebody: Callable[[], Person]) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    page = somebody().get("/en/", headers=forged)
    assert page.status_code == 200
    assert "evil.example" not in page.text + str(page.headers)


@pytest.mark.parametrize(
    "wanted",
    [
        *("//evil.example", "///evil.example", "////evil.example", "/\\evil.example"),
        *("\\\\evil.example", "\\/evil.example", "https:evil.example", "https:/evil.example"),
        *("http://evil.example", "HTTPS://EVIL.EXAMPLE", "javascript:alert(1)", " javascript:x"),
        *("data:text/html,x", "/\t/evil.example", "\n//evil.example", "//evil.example%2f.."),
        *("https://127.0.0.1@evil.example", "//127.0.0.1:1@evil.example", "\x00//evil.example"),
        *("//evil。example", "ftp://127.0.0.1", "/en/\r\nSet-Cookie: a=b"),
    ],
)
def test_nobody_is_led_to_another_site(somebody: Callable[[], Person], wanted: str) -> None:
    answer = somebody().sign_in("Hana", next=wanted)
    assert answer.status_code == 302
    assert "a=b" not in answer.headers.get("Set-Cookie", "")
    place = answer.headers["Location"]
    assert place.startswith("/en/")
    assert "\\" not in place
    page = somebody().get("/en/join/", params={"next": wanted}).text
    assert 'href="javascript' not in page
    assert 'href="//evil' not in page


def test_ten_thousand_guesses_open_nothing(site: Site, somebody: Callable[[], Person]) -> None:
    """After ten the password is not even looked at, so the eleventh tells nothing."""
    guesser = somebody()
    form = {"code": "", "name": "guessed-teacher"}
    statuses = [
        guesser.post("/en/sign-in/", form | {"password": f"guess {number}"}).status_code
        for number in range(12)
    ]
    assert statuses == [400] * 9 + [429] * 3
    right = guesser.post("/en/sign-in/", form | {"password": "correct horse"})
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) <= 600, "so that 10,000 guesses take a week"
    still_serves(site)


def test_one_account_that_floods_waits_and_others_do_not(
    hana: Person, with_sandbox: dict[str, str], somebody: Callable[[], Person]
) -> None:
    def claim() -> requests.Response:
        return hana.post("/ja/sandboxes/", headers={"Accept": "application/json"})

    answers = [claim()]
    while answers[-1].status_code == 200 and len(answers) < 100:
        assert answers[-1].json()["id"] == with_sandbox["id"]
        answers.append(claim())
    assert answers[-1].status_code == 429
    assert answers[-1].json()["code"] == "too-often"
    assert "お試しください" in answers[-1].json()["message"]
    guest = somebody()
    guest.post("/en/try/")
    assert guest.post("/en/lessons/docker-run/fetch/check/").status_code == 200


def test_huge_requests_are_refused(site: Site, somebody: Callable[[], Person]) -> None:
    person = somebody()
    assert person.post("/en/join/", {"name": "x" * 10_000_000}).status_code in {400, 413}
    fields = {f"field{number}": "x" for number in range(5000)}
    assert person.post("/en/join/", fields).status_code == 400
    begin = with_host(site, "GET /en/ HTTP/1.1")
    refused = {DROPPED, 400, 413, 431}
    assert raw(site, begin + b"\r\nX-Long: " + b"a" * 1_000_000)[0] in refused
    assert raw(site, begin + b"\r\nCookie: " + b"a=b; " * 200_000)[0] in refused
    assert raw(site, begin + b"\r\nX: y" * 100_000)[0] in refused
    assert raw(site, b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1")[0] in refused | {414}
    still_serves(site)


@pytest.mark.parametrize(
    "path",
    [
        *("/static/../manage.py", "/static/%2e%2e/manage.py", "/static/..%2fmanage.py"),
        *("/static//etc/passwd", "/static/%2fetc/passwd", "/static/..%5cmanage.py"),
        *("/en/../../etc/passwd", "/en/lessons/../../../etc/passwd/", "/en/lessons/%00/"),
        *("/db.sqlite3", "/static/%c0%ae%c0%ae/manage.py", "/.git/config", "//etc/passwd"),
    ],
)
def test_no_path_leads_out_of_the_site(site: Site, path: str) -> None:
    status, body = raw(site, with_host(site, f"GET {path} HTTP/1.1"))
    assert status in {301, 302, 400, 404}
    assert b"root:" not in body
    assert b"DJANGO_SETTINGS_MODULE" not in body
    assert b"[core]" not in body


def test_a_method_can_not_be_put_over(hana: Person) -> None:
    for headers in ({"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "DELETE"}):
        assert hana.get("/en/sign-out/", headers=headers).status_code == 405
    assert hana.get("/en/sign-out/?_method=POST").status_code == 405
    assert "Hana" in hana.get("/en/").text
    for method in ("TRACE", "CONNECT", "PROPFIND", "GET\x0b"):
        begin = with_host(hana.site, f"{method} /en/ HTTP/1.1")
        status, body = raw(hana.site, begin + b"\r\nX-Me: my-own-words")
        assert status in {DROPPED, 400, 403, 405}
        assert b"my-own-words" not in body


def test_names_with_markup_are_text_on_every_page(somebody: Callable[[], Person]) -> None:
    learner, teacher = somebody(), somebody()
    assert learner.sign_in(MARKUP).status_code == 302
    assert teacher.sign_in("teacher-of-web", code="").status_code == 302
    pages = [
        "",
        "lessons/",
        "lessons/docker-run/fetch/",
        "sign-in/",
        "nowhere/",
        f"join/?next={MARKUP}",
    ]
    for language in ("ja", "en"):
        for path in pages:
            text = learner.get(f"/{language}/{path}").text
            assert "<img src=x" not in text, path
            assert "60481729" not in text.split("</header>")[0], "no template in a name"
        classes = teacher.get(f"/{language}/classes/").text
        assert classes.count("&lt;img src=x onerror=alert(1)&gt;") >= 2, "the class, a learner"
        assert "<img src=x" not in classes
    wrong = somebody().post("/en/sign-in/", {"code": MARKUP[:20], "name": MARKUP, "password": "x"})
    assert "<img src=x" not in wrong.text


def test_no_page_lets_itself_be_framed(hana: Person) -> None:
    for path in (
        "/en/",
        "/en/lessons/docker-run/fetch/",
        "/en/join/",
        "/en/nowhere/",
        "/favicon.ico",
    ):
        headers = hana.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY" or path == "/favicon.ico"


def test_an_error_tells_nothing_of_the_inside(site: Site) -> None:
    form = b"\r\nContent-Type: multipart/form-data; boundary=\r\nContent-Length: 0"
    broken = raw(site, with_host(site, "POST /en/join/ HTTP/1.1") + form)
    nowhere = raw(site, with_host(site, "GET /en/lessons/%ff/ HTTP/1.1"))
    for status, body in (broken, nowhere):
        assert status in {400, 403, 404}
        assert b"Traceback" not in body
        assert b"site-packages" not in body
