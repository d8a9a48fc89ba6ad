"""Who may do what: every address and every websocket, for everybody who may come along.

**A new address or websocket needs a line here**, or `test_every_route_has_a_line` fails.

Columns: `learner` owns whatever an address names (the sandbox, say); `classmate` is in the same
class, `instructor` teaches it; `stranger` is the instructor of another class. No account may do
more than an instructor: the site's operator is whoever has a shell on its machine. Who may open a
learner's port is in tests/engine/test_ports.py: such addresses ask for more than a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern
from django.utils import timezone

from hakoniwa.accounts.models import Cohort, User
from hakoniwa.asgi import application, websockets
from lessons.models import Draft
from sandbox import services
from sandbox.models import Reservation, Sandbox

PEOPLE = ("anonymous", "guest", "learner", "classmate", "instructor", "stranger")

# What each gets for a request with nothing in it: the status, or `in` for "sign in first" (a form
# that is not filled in is 400). Methods without a line must be refused with 405.
HTTP = """
route             method  anonymous  guest  learner  classmate  instructor  stranger
root              GET     302        302    302      302        302         302
favicon           GET     302        302    302      302        302         302
home              GET     200        200    200      200        200         200
lesson-list       GET     200        200    200      200        200         200
lesson            GET     302        302    302      302        302         302
lesson-picture    GET     404        404    404      404        404         404
step              GET     200        200    200      200        200         200
answer            POST    401        404    404      404        404         404
check-now         POST    401        200    200      200        200         200
try               POST    302        302    302      302        302         302
join              GET     200        200    302      302        302         302
join              POST    400        400    302      302        302         302
sign-in           GET     200        200    200      200        200         200
sign-in           POST    400        400    400      400        400         400
sign-out          POST    302        302    302      302        302         302
choose-password   GET     in         302    302      302        302         302
choose-password   POST    in         302    302      302        302         302
classes           GET     in         403    403      403        200         200
open-class        POST    in         403    403      403        400         400
switch-internet   POST    in         403    403      403        302         404
claim-sandbox     POST    401        200    200      200        200         200
start-afresh      POST    401        200    200      200        200         200
extend-sandbox    POST    401        404    404      404        404         404
ports             GET     401        200    200      200        200         200
open-port         GET     in         400    400      400        400         400
sandbox-status    GET     401        404    200      404        404         404
shells            GET     401        404    200      404        404         404
end-shell         POST    401        404    200      404        404         404
list-folder       GET     401        404    404      404        404         404
read-text-file    GET     401        404    404      404        404         404
download-file     GET     401        404    404      404        404         404
upload-file       POST    401        404    404      404        404         404
make-folder       POST    401        404    404      404        404         404
move-file         POST    401        404    404      404        404         404
remove-file       POST    401        404    404      404        404         404
saved-work        GET     401        200    200      200        200         200
export-work       GET     401        404    404      404        404         404
reserve-seats     GET     in         403    403      403        200         404
reserve-seats     POST    in         403    403      403        400         404
cancel-seats      POST    in         403    403      403        302         404
drafts            GET     in         403    403      403        200         200
begin-from-lesson POST    in         403    403      403        302         302
draft             GET     in         403    403      403        200         200
draft             POST    in         403    403      403        400         400
save-draft-file   POST    401        403    403      403        400         400
match-languages   POST    in         403    403      403        302         302
new-lesson        POST    in         403    403      403        400         400
new-step          POST    in         403    403      403        400         400
remove-step       POST    in         403    403      403        400         400
new-picture       POST    in         403    403      403        400         400
remove-picture    POST    in         403    403      403        302         302
draft-picture     GET     in         403    403      403        404         404
compare-versions  GET     in         403    403      403        200         200
preview-draft     GET     in         403    403      403        200         200
draft-news        GET     401        403    403      403        200         200
try-draft         POST    401        403    403      403        200         200
preview-folder    GET     in         403    403      403        404         404
folder-news       GET     401        403    403      403        404         404
try-folder        POST    401        403    403      403        404         404
folder-picture    GET     in         403    403      403        404         404
lesson-schema     GET     401        403    403      403        200         200
duplicate-draft   POST    in         403    403      403        400         400
publish-draft     POST    in         403    403      403        400         400
roll-back         POST    in         403    403      403        302         302
withdraw-lesson   POST    in         403    403      403        302         302
offer-lesson      POST    in         403    403      403        302         302
record            GET     in         403    403      403        200         200
begin-recording   POST    in         403    403      403        409         409
end-recording     POST    in         403    403      403        409         409
add-recorded      POST    in         403    403      403        409         409
prove             GET     in         403    403      403        200         200
"""

# Whether the handshake is taken.
WEBSOCKETS = """
route             anonymous  guest    learner  classmate  instructor  stranger
terminal          refused    refused  taken    refused    refused     refused
lesson-live       refused    taken    taken    taken      taken       taken
standing          refused    taken    taken    taken      taken       taken
proof             refused    refused  refused  refused    taken       taken
"""

# What stands for the parts of an address, by their names; `sandbox_id` is the learner's own.
ARGUMENTS = {
    "language": "en",
    "slug": "docker-run",
    "step_id": "fetch",
    "question_id": "what",
    "name": "main",
    "number": "1",
}
ADD_A_LINE = (
    "Add to {table} in tests/test_permissions.py a line for each of these, with what each person"
    " gets (and its parameters to ARGUMENTS, if they are new): {missing}"
)


def lines(table: str) -> list[dict[str, str]]:
    head, *rows = [line.split() for line in table.strip().splitlines()]
    assert all(len(row) == len(head) for row in rows), "a line with a column too few or too many"
    return [dict(zip(head, row, strict=True)) for row in rows]


def routes(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern)
        else:
            yield pattern


PAGES = {str(route.name): route for route in routes(get_resolver())}
CHANNELS = URLResolver(RegexPattern(r""), websockets)
HTTP_LINES = lines(HTTP)
WEBSOCKET_LINES = lines(WEBSOCKETS)


@dataclass
class World:
    """A class of the learner, their classmate and instructor, and others who are about."""

    people: dict[str, User | None]
    cohort: Cohort
    arguments: dict[str, str] = field(default_factory=lambda: dict(ARGUMENTS))

    def arguments_of(self, route: URLPattern) -> dict[str, str]:
        names = set(route.pattern.regex.groupindex)
        if "sandbox_id" in names and "sandbox_id" not in self.arguments:
            sandbox = async_to_sync(services.claim)(self.people["learner"])  # type: ignore[arg-type]
            self.arguments["sandbox_id"] = str(sandbox.pk)
        if "cohort_id" in names:
            self.arguments["cohort_id"] = str(self.cohort.pk)
        if "reservation_id" in names:
            hour = timezone.now() + timedelta(hours=1)
            reserved = Reservation(cohort=self.cohort, seats=1, starts_at=hour)
            reserved.ends_at = hour + timedelta(hours=1)
            reserved.save()
            self.arguments["reservation_id"] = str(reserved.pk)
        if "draft_slug" in names and "draft_slug" not in self.arguments:
            # The drafts of a site are all its instructors'.
            author = self.people["instructor"]
            draft = Draft.objects.create(slug="docker-run", begun_by=author)
            self.arguments["draft_slug"] = draft.slug
        unknown = names - set(self.arguments)
        assert not unknown, f"Add {unknown} to ARGUMENTS in tests/test_permissions.py"
        return {name: self.arguments[name] for name in names}

    def address_of(self, route: str) -> str:
        arguments = self.arguments_of(PAGES[route])
        return "/" + str(get_resolver().reverse(route, **arguments))

    def websocket_of(self, route: str) -> str:
        pattern = next(one for one in routes(CHANNELS) if one.name == route)
        return "/" + str(CHANNELS.reverse(route, **self.arguments_of(pattern)))

    def client(self, person: str, *, csrf: bool = False) -> Client:
        client = Client(enforce_csrf_checks=csrf, headers={"accept-language": "en"})
        if user := self.people[person]:
            client.force_login(user)
        return client

    def must_not_see(self, person: str) -> set[str]:
        """What is the business of the learner and their instructor only."""
        secrets = {self.cohort.code, "Hanako-of-2-1", self.arguments.get("sandbox_id", "K7QM")}
        return {"learner": {self.cohort.code}, "instructor": set()}.get(person, secrets)


@pytest.fixture
def world(lessons: None) -> Iterator[World]:
    make = partial(User.objects.create)
    instructor = make(username="teacher", name="teacher", role=User.Role.INSTRUCTOR)
    stranger = make(username="stranger", name="stranger", role=User.Role.INSTRUCTOR)
    cohort = Cohort.objects.create(name="2年1組", code="K7QM-4FXT", instructor=instructor)
    Cohort.objects.create(name="2年2組", code="MMMM-MMMM", instructor=stranger)
    learner = partial(make, role=User.Role.LEARNER, cohort=cohort)
    yield World(
        {
            "anonymous": None,
            "guest": make(username="guest:1", name="Guest"),
            "learner": learner(username="1:hanako", name="Hanako-of-2-1"),
            "classmate": learner(username="1:taro", name="Taro"),
            "instructor": instructor,
            "stranger": stranger,
        },
        cohort,
    )
    for sandbox in Sandbox.objects.filter(state__in=Sandbox.LIVE):
        async_to_sync(services.end)(sandbox, "the test is over")


def test_every_route_has_a_line() -> None:
    assert "None" not in PAGES, "every path() in the urls.py files needs a name="
    missing = set(PAGES) - {line["route"] for line in HTTP_LINES}
    assert not missing, ADD_A_LINE.format(table="HTTP", missing=missing)
    channels = {str(route.name) for route in routes(CHANNELS)}
    assert "None" not in channels, "every websocket in hakoniwa/asgi.py needs a name="
    missing = channels - {line["route"] for line in WEBSOCKET_LINES}
    assert not missing, ADD_A_LINE.format(table="WEBSOCKETS", missing=missing)


def test_every_role_has_a_column() -> None:
    assert {*User.Role} <= set(PEOPLE), "a new role needs a column in every table"


@pytest.mark.django_db
@pytest.mark.parametrize("line", HTTP_LINES, ids=lambda line: f"{line['method']} {line['route']}")
def test_an_address(world: World, line: dict[str, str]) -> None:
    address = world.address_of(line["route"])
    got = {}
    for person in PEOPLE:
        response = world.client(person).generic(line["method"], address)
        got[person] = str(response.status_code)
        if response.headers.get("Location", "").startswith("/en/sign-in/"):
            got[person] = "in"
        if not response.streaming:
            text = response.content.decode(errors="replace")
            seen = {secret for secret in world.must_not_see(person) if secret in text}
            assert not seen, f"{person} sees {seen} at {address}"
    assert got == {person: line[person] for person in PEOPLE}, address


@pytest.mark.django_db
@pytest.mark.parametrize("route", PAGES)
def test_an_address_takes_the_listed_methods_only_and_no_form_without_a_token(
    world: World, route: str
) -> None:
    listed = {line["method"] for line in HTTP_LINES if line["route"] == route}
    address = world.address_of(route)
    # Somebody who gets past the sign-in, and whom a page for instructors takes.
    client = world.client("learner" if "sandbox_id" in world.arguments else "instructor")
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "ANYTHING"} - listed:
        status = client.generic(method, address).status_code
        assert status == 405, f"{method} {address}: {status}; {ADD_A_LINE.split('(')[0]}"
    forgetful = world.client("instructor", csrf=True)
    for method in {"POST", "PUT", "PATCH", "DELETE"}:
        assert forgetful.generic(method, address).status_code == 403, f"{method} {address}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("line", WEBSOCKET_LINES, ids=lambda line: line["route"])
async def test_a_websocket(line: dict[str, str], request: pytest.FixtureRequest) -> None:
    world = await sync_to_async(request.getfixturevalue)("world")
    path = await sync_to_async(world.websocket_of)(line["route"])
    got = {}
    for person in PEOPLE:
        client = await sync_to_async(world.client)(person)
        socket = _socket(path, client)
        taken, _code = await socket.connect(timeout=10)
        got[person] = "taken" if taken else "refused"
        if taken:
            await socket.disconnect()
    assert got == {person: line[person] for person in PEOPLE}, path


def _socket(path: str, client: Client) -> Any:
    session = client.cookies["sessionid"].value if "sessionid" in client.cookies else ""
    headers = [
        (b"host", b"localhost"),
        (b"origin", b"http://localhost"),
        (b"cookie", f"sessionid={session}".encode()),
    ]
    return WebsocketCommunicator(application, path, headers=headers)
