"""Lessons proven on real sandboxes, and what a proof leaves behind: nothing."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db.models import F
from docker import APIClient
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import User
from lessons.catalogue import CONTENT, add_version
from lessons.files import files_in
from lessons.live import look_once, place_of
from lessons.loader import parse_lesson, read_lesson
from lessons.proving import Kind, Result, Verdict, prove, prove_all
from lessons.proving.owner import needed_still
from lessons.proving.traces import note_what_is_there, remove_what_is_new
from lessons.scaffolding import SCAFFOLD
from lessons.setup import set_up
from sandbox import author_script, containers, services
from sandbox.keeping import keep_once
from sandbox.models import Sandbox, SavedWork
from sandbox.snapshot import TOOK_TOO_LONG
from tests.written_lesson import WORDS, written_lesson

from .conftest import Sandbox as Engine

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def site(settings: Settings, engine: APIClient) -> Iterator[None]:
    """A site of this test's own, on which nothing may be left."""
    settings.SANDBOX_SITE = f"{settings.SANDBOX_SITE}-proving"
    yield
    left = containers.containers_of_this_site()
    for container in left:
        containers.remove_container(container)
    assert not left


def nothing_is_left() -> bool:
    live = Sandbox.objects.exclude(state=Sandbox.State.GONE).exists()
    return not (live or User.objects.exists() or SavedWork.objects.exists())


async def test_lessons_are_proven_and_lack_no_attempt() -> None:
    """One of ours and the one to begin from; `.ci/run` proves all of ours."""
    folders = [CONTENT / "docker-run", SCAFFOLD]
    lessons = [parse_lesson(read_lesson(files_in(each), each.name)) for each in folders]
    async with aclosing(prove_all(lessons, 2)) as events:
        results = [event async for event in events if isinstance(event, Result)]
    assert {result.case.lesson for result in results} == {lesson.slug for lesson in lessons}
    assert [result for result in results if result.verdict is not Verdict.PROVEN] == []
    assert await sync_to_async(nothing_is_left)()


HINTS = [
    {"id": "other", "text": WORDS, "when": {"volume": {"name": "other"}}},
    {"id": "begin", "text": WORDS},
]
FAULTY = written_lesson(
    {
        "hints": HINTS,
        "wrong": [
            {"do": "docker volume create other", "hint": "other"},
            # The other volume is away again.
            {"do": "echo nothing", "hint": "begin"},
            {"do": "echo from the script; docker volume create t0", "hint": "other"},
            {"do": "docker volume create other", "hint": "begin"},
        ],
    },
    {"check": {"volume": {"name": "there"}}},
    {"solve": "sleep 9 & docker volume create t2; exit 3"},
    {"solve": "echo tried; exit 1"},
    {},
    setup="docker volume create there",
)


async def test_what_is_wrong_with_a_lesson_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lessons.proving.stage.SETTLE_SECONDS", 0.5)
    async with aclosing(prove(parse_lesson({"lesson": FAULTY}))) as events:
        results = [event async for event in events if isinstance(event, Result)]
    found = {(one.case.kind, one.case.task, one.case.number): one for one in results}
    proven = {case for case, one in found.items() if one.verdict is Verdict.PROVEN}
    assert proven == {
        (Kind.SETUP, "", 0),
        *((Kind.START, task, 0) for task in ("t0", "t2", "t3", "t4")),
        *((Kind.SOLVE, task, 0) for task in ("t0", "t1", "t2")),
        *((Kind.WRONG, "t0", number) for number in (1, 2)),
        (Kind.AFTERWARDS, "t0", 0),
    }
    assert "passed already" in found[Kind.START, "t1", 0].words
    assert found[Kind.SOLVE, "t3", 0].verdict is Verdict.FAILED
    assert found[Kind.SOLVE, "t3", 0].output == "tried\n"
    assert found[Kind.SOLVE, "t4", 0].verdict is Verdict.NOT_TRIED
    assert found[Kind.WRONG, "t0", 3].words.startswith("It passes")
    assert found[Kind.WRONG, "t0", 3].output.startswith("from the script")
    assert "Not the hint `begin` but `other`" in found[Kind.WRONG, "t0", 4].words
    assert found[Kind.WRONG, "t1", 0].verdict is Verdict.MISSING
    assert await sync_to_async(nothing_is_left)()


async def test_a_proof_that_nobody_listens_to_any_more_leaves_nothing() -> None:
    async with aclosing(prove_all([parse_lesson({"lesson": FAULTY})], 1)) as events:
        async for event in events:
            if isinstance(event, Result):
                break
    assert await sync_to_async(nothing_is_left)()


async def test_an_engine_that_is_away_is_what_failed(settings: Settings) -> None:
    settings.SANDBOX_IMAGE = "hakoniwa/none:none"
    lesson = parse_lesson({"lesson": written_lesson({})})
    results = [event async for event in prove(lesson) if isinstance(event, Result)]
    verdicts = [result.verdict for result in results]
    assert verdicts == [Verdict.FAILED, Verdict.NOT_TRIED, Verdict.MISSING]
    assert "image is missing" in results[0].words


async def test_a_sandbox_is_set_up_once_and_a_failure_is_shown(learner: User) -> None:
    sandbox = await services.claim(learner)
    try:
        written = written_lesson({}, setup="sleep 0.5; echo once >> ~/work/times; echo '<'; exit 7")
        version = await sync_to_async(add_version)({"lesson": written, "texts": {}}, {})
        lesson = version.content
        ended = await asyncio.gather(*(set_up(sandbox, lesson) for _tab in range(3)))
        assert {one.exit_code for one in ended} == {7}
        for _visit in range(2):
            place = await sync_to_async(place_of)(learner, "short", "one")
            shown = await look_once(place)
            assert 'data-state="setup-failed"' in shown
            assert ">&lt;</pre>" in shown
        assert (await author_script.run(sandbox, "cat ~/work/times", 9)).output == "once\n"
        longer = "while echo 0123456789; do :; done"
        stopped = await author_script.run(sandbox, longer, 1)
        assert stopped.exit_code == TOOK_TOO_LONG
        assert 1000 < len(stopped.output) <= author_script.MOST_OUTPUT
    finally:
        await services.end(sandbox, "the test is over")


async def test_a_network_goes_though_an_older_container_was_connected_to_it(
    sandbox: Engine,
) -> None:
    row = Sandbox(container=sandbox.container)
    sandbox.shell("for name in runs rests; do docker run -d --name $name ubuntu sleep 600; done")
    try:
        sandbox.shell("docker stop --time 0 rests")
        await note_what_is_there(row)
        sandbox.shell("docker network create new")
        sandbox.shell("for name in runs rests; do docker network connect new $name; done")
        await remove_what_is_new(row)
        assert "new" not in sandbox.shell("docker network ls --format '{{.Name}}'").split()
        sandbox.shell("docker start rests && docker exec runs true")
    finally:
        sandbox.shell("docker rm -f runs rests; docker network rm new || true")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_stopped_from_outside_it_leaves_nothing(
    sent: signal.Signals, tmp_path: Path, settings: Settings
) -> None:
    environment = os.environ | {"HAKONIWA_STATE_DIR": str(tmp_path)}
    environment["HAKONIWA_SITE"] = settings.SANDBOX_SITE
    command = [sys.executable, "manage.py"]
    migrate = [*command, "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
    proof = subprocess.Popen([*command, "lessons", "prove"], cwd=ROOT, env=environment)
    while not containers.containers_of_this_site():
        assert proof.poll() is None
    proof.send_signal(sent)
    assert proof.wait(60) == 130
    assert containers.containers_of_this_site() == {}


def test_the_keeper_soon_ends_what_a_killed_proof_had_claimed(learner: User) -> None:
    sandbox = async_to_sync(services.claim)(learner)
    async_to_sync(needed_still)(sandbox)
    assert keep_and_see(sandbox) == Sandbox.State.CLAIMED
    Sandbox.objects.update(ends_at=F("ends_at") - timedelta(minutes=7))
    assert keep_and_see(sandbox) == Sandbox.State.GONE


def keep_and_see(sandbox: Sandbox) -> str:
    keep_once()
    sandbox.refresh_from_db()
    return sandbox.state
