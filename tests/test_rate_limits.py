"""Who guesses or floods has to wait, and is told how long; a class behind one address does not."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import Cohort, User
from hakoniwa.accounts.services import JOINS, SIGN_INS, SIGN_INS_TO_ACCOUNT
from hakoniwa.client_address import ForwardedHeaders, client_address
from hakoniwa.settings.trusted_proxies import trusted_proxies

pytestmark = pytest.mark.django_db

RIGHT = {"code": "K7QM-4FXT", "name": "Hana", "password": "correct horse"}
WRONG = RIGHT | {"password": "wrong horse"}
SCHOOL = "192.0.2.7"
HOME = "198.51.100.9"


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Callable[[float], None]:
    """Let so many seconds pass: the clock stands, just after every limit's period began.

    Redis would go by a clock of its own.
    """
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": memory}}
    cache.clear()
    now = [time.time() // 3600 * 3600 + 1]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def wait(seconds: float) -> None:
        now[0] += seconds

    return wait


@pytest.fixture
def sign_in(learner: User) -> Callable[..., Any]:
    def try_once(form: dict[str, str], address: str = SCHOOL, language: str = "en") -> Any:
        return Client(REMOTE_ADDR=address).post(f"/{language}/sign-in/", form)

    return try_once


def test_after_ten_wrong_passwords_the_right_one_has_to_wait(
    sign_in: Callable[..., Any], later: Callable[[float], None]
) -> None:
    assert [sign_in(WRONG).status_code for _try in range(10)] == [400] * 9 + [429]
    later(240)
    answer = sign_in(RIGHT)
    assert answer.status_code == 429
    assert 300 <= int(answer.headers["Retry-After"]) <= 360
    assert "try again in 6 minutes" in answer.content.decode()
    assert "6分" in sign_in(RIGHT, language="ja").content.decode()
    later(361)
    assert sign_in(RIGHT).status_code == 302, "tries meanwhile make it no longer"


def test_a_locked_name_locks_nobody_else_and_nowhere_else(
    sign_in: Callable[..., Any], cohort: Cohort
) -> None:
    other = User(username=cohort.username_for("Taro"), name="Taro", cohort=cohort)
    other.set_password("correct horse")
    other.save()
    for _try in range(12):
        sign_in(WRONG)
    assert sign_in(RIGHT | {"name": "Taro"}).status_code == 302
    assert sign_in(RIGHT, address=HOME).status_code == 302


def test_a_right_password_forgives_the_wrong_ones_before(sign_in: Callable[..., Any]) -> None:
    for _day in range(3):
        for _slip in range(6):
            sign_in(WRONG)
        assert sign_in(RIGHT).status_code == 302


def test_many_addresses_do_not_help_to_guess_a_password(
    sign_in: Callable[..., Any], cohort: Cohort
) -> None:
    for _try in range(98):
        SIGN_INS_TO_ACCOUNT.spend(cohort.username_for("Hana"))
    statuses = [sign_in(WRONG, address=f"203.0.113.{number}").status_code for number in range(3)]
    assert statuses == [400, 400, 429]


def test_a_class_of_forty_behind_one_address_comes_in(cohort: Cohort) -> None:
    for number in range(40):
        browser = Client(REMOTE_ADDR=SCHOOL)
        assert browser.post("/ja/try/").status_code == 302
        join = RIGHT | {"name": f"learner {number}"}
        assert browser.post("/ja/join/", join | {"code": "K7QM-4FXX"}).status_code == 400
        assert browser.post("/ja/join/", join).status_code == 302
        browser.post("/ja/sign-out/")
        slipped = join | {"password": "a slip of the finger"}
        assert browser.post("/ja/sign-in/", slipped).status_code == 400
        assert browser.post("/ja/sign-in/", join).status_code == 302


def test_one_address_can_not_fill_the_site_with_guests(settings: Settings) -> None:
    settings.GUESTS_PER_ADDRESS = 5
    statuses = [Client(REMOTE_ADDR=SCHOOL).post("/ja/try/").status_code for _guest in range(7)]
    assert statuses == [302] * 5 + [429] * 2
    assert User.objects.count() == 5
    assert Client(REMOTE_ADDR=HOME).post("/ja/try/").status_code == 302
    refused = Client(REMOTE_ADDR=SCHOOL).post("/ja/try/").content.decode()
    assert "お待ちください" in refused
    assert 'href="/ja/lessons/"' in refused, "a way on"


def test_class_codes_can_not_be_tried_through(cohort: Cohort) -> None:
    browser = Client(REMOTE_ADDR=SCHOOL)
    for limit, path in ((JOINS, "/en/join/"), (SIGN_INS, "/en/sign-in/")):
        for _guess in range(298):
            limit.spend(SCHOOL)
        guess = RIGHT | {"code": "AAAA-AAAA"}
        assert [browser.post(path, guess).status_code for _try in range(3)] == [400, 400, 429]


def test_checks_are_limited_for_each_person(
    signed_in: Client, lessons: None, later: Callable[[float], None]
) -> None:
    path = "/ja/lessons/docker-run/fetch/check/"
    statuses = [signed_in.post(path).status_code for _check in range(31)]
    assert statuses == [200] * 30 + [429]
    refused = signed_in.post(path, headers={"hx-request": "true"})
    assert refused.headers["Content-Type"].startswith("text/plain")
    assert "秒" in refused.content.decode()
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    classmate = Client()
    classmate.force_login(User.objects.create(username="taro", name="Taro"))
    assert classmate.post(path).status_code == 200
    later(60)
    assert signed_in.post(path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "times"),
    [("post", "/ja/sandboxes/extend/", 30), ("get", "/ja/sandboxes/ports/open/?port=8080", 60)],
)
def test_extending_and_opening_ports_are_limited_for_each_person(
    signed_in: Client, method: str, path: str, times: int, later: Callable[[float], None]
) -> None:
    ask = getattr(signed_in, method)
    statuses = [ask(path).status_code for _time in range(times + 1)]
    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429
    later(60)
    assert ask(path).status_code != 429


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.5", "192.0.2.1", "203.0.113.5"),  # not a proxy of ours: it lies
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.1, 192.0.2.1", "192.0.2.1"),  # the left one anybody may write
        ("10.0.0.1", "192.0.2.1, 10.0.0.2", "192.0.2.1"),  # two proxies of ours
        ("10.0.0.1", "192.0.2.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),  # a customer's network
    ],
)
def test_only_a_trusted_proxy_says_who_asks(
    rf: Any, settings: Settings, peer: str, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = trusted_proxies(["10.0.0.0/24"])
    request = rf.get(
        "/", REMOTE_ADDR=peer, headers={"x-forwarded-for": forwarded, "x-forwarded-proto": "https"}
    )
    ForwardedHeaders(lambda _request: None).process_request(request)  # type: ignore[arg-type]
    assert client_address(request) == address
    assert ("HTTP_X_FORWARDED_PROTO" in request.META) == peer.startswith("10.")


def test_without_a_proxy_named_no_forwarded_header_is_believed(sign_in: Callable[..., Any]) -> None:
    for number in range(12):
        headers = {"x-forwarded-for": f"203.0.113.{number}"}
        answer = Client(REMOTE_ADDR=SCHOOL, headers=headers).post("/en/sign-in/", WRONG)
    assert answer.status_code == 429
