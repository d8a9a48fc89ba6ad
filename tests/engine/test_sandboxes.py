"""A learner's sandbox from its claim to its end, on the real engine."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from docker import APIClient
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import User
from lessons.catalogue import load_files
from sandbox import containers, keeping, services, starting
from sandbox.endings import Ending, sentence_of
from sandbox.errors import ClassroomFull, EngineDown, ImageMissing, SandboxError, SandboxGone
from sandbox.keeping import keep_once
from sandbox.management.commands import end_sandboxes
from sandbox.models import Sandbox
from sandbox.streams import run_in_sandbox
from tests.lesson_files import LESSON, greeting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def site(settings: Settings, engine: APIClient) -> Iterator[None]:
    """A site of this test's own: the keeper removes what it does not know."""
    settings.SANDBOX_SITE = f"{settings.SANDBOX_SITE}-sandboxes"
    containers._engine.cache_clear()
    yield
    for container in containers.containers_of_this_site():
        containers.remove_container(container)
    containers._engine.cache_clear()


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create(username="other", name="other")


def claim(learner: User) -> Sandbox:
    return async_to_sync(services.claim)(learner)


def attempt(call: Callable[..., Awaitable[object]], *arguments: object) -> None:
    async_to_sync(call)(*arguments)


def volumes(engine: APIClient) -> set[str]:
    return {volume["Name"] for volume in engine.volumes()["Volumes"] or []}


def test_a_learner_has_one_sandbox_even_from_two_tabs_at_once(learner: User) -> None:
    async def both() -> tuple[Sandbox, Sandbox]:
        return await asyncio.gather(services.claim(learner), services.claim(learner))

    first, second = async_to_sync(both)()
    assert first.pk == second.pk
    assert len(containers.containers_of_this_site()) == 1
    assert claim(learner).pk == first.pk


def test_nobody_gets_at_anothers_sandbox(learner: User, other: User) -> None:
    sandbox = claim(learner)
    with pytest.raises(SandboxGone):
        attempt(services.sandbox_of, other, str(sandbox.pk))
    attempt(services.sandbox_of, learner, str(sandbox.pk))


def test_the_end_leaves_neither_container_nor_volume(learner: User, engine: APIClient) -> None:
    sandbox = claim(learner)
    mounts = engine.inspect_container(sandbox.container)["Mounts"]
    own = {mount["Name"] for mount in mounts if mount["Type"] == "volume"}
    assert own <= volumes(engine)
    assert own
    attempt(services.end, sandbox, "a test")
    assert containers.containers_of_this_site() == {}
    assert not own & volumes(engine)
    with pytest.raises(SandboxGone):
        attempt(services.sandbox_of, learner, str(sandbox.pk))


def test_a_sandbox_that_died_is_replaced(learner: User) -> None:
    first = claim(learner)
    containers.remove_container(first.container)
    second = claim(learner)
    assert second.pk != first.pk
    first.refresh_from_db()
    assert first.state == Sandbox.State.GONE


def test_a_full_classroom_says_so(learner: User, other: User, settings: Settings) -> None:
    settings.SANDBOX_MAX = 1
    claim(learner)
    with pytest.raises(ClassroomFull):
        claim(other)


def test_a_missing_image_leaves_nothing_half_made(learner: User, settings: Settings) -> None:
    settings.SANDBOX_IMAGE = "hakoniwa/none:none"
    with pytest.raises(ImageMissing):
        claim(learner)
    assert containers.containers_of_this_site() == {}
    assert Sandbox.objects.get().state == Sandbox.State.FAILED


def test_an_engine_inside_that_never_answers_is_given_up(
    learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "START_SECONDS", 1)
    described = containers.description

    def asleep(sandbox_id: str) -> dict[str, Any]:
        return described(sandbox_id) | {"Entrypoint": ["/usr/bin/tini", "--", "sleep", "600"]}

    monkeypatch.setattr(containers, "description", asleep)
    with pytest.raises(SandboxError, match="did not answer"):
        claim(learner)
    assert containers.containers_of_this_site() == {}


def test_an_engine_that_is_away_is_named(learner: User) -> None:
    with override_settings(SANDBOX_ENGINE="unix:///nowhere/engine.sock"):
        containers._engine.cache_clear()
        with pytest.raises(EngineDown):
            claim(learner)
    containers._engine.cache_clear()
    assert claim(learner).state == Sandbox.State.CLAIMED, "the next try is a new one"


@pytest.mark.parametrize(
    ("field", "minutes", "reason"),
    [("active_at", "SANDBOX_IDLE_MINUTES", Ending.IDLE), ("ends_at", "", Ending.TIME)],
)
def test_the_keeper_ends_what_is_idle_or_too_old(
    learner: User, settings: Settings, field: str, minutes: str, reason: str
) -> None:
    sandbox = claim(learner)
    keep_once()
    sandbox.refresh_from_db()
    assert sandbox.state == Sandbox.State.CLAIMED
    setattr(sandbox, field, timezone.now() - timedelta(minutes=getattr(settings, minutes, 0) + 1))
    sandbox.save()
    keep_once()
    sandbox.refresh_from_db()
    assert sandbox.state == Sandbox.State.GONE
    assert containers.containers_of_this_site() == {}
    with pytest.raises(SandboxGone) as gone:
        attempt(services.sandbox_of, learner, str(sandbox.pk))
    assert str(gone.value.sentence) == str(sentence_of(reason))


def test_the_keeper_removes_a_volume_that_no_container_has(
    engine: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = str(engine.create_volume()["Name"])
    keep_once()
    assert left in volumes(engine), "it may belong to a container that is being made"
    monkeypatch.setattr(keeping, "ORPHAN_AFTER", timedelta(seconds=-60))
    keep_once()
    assert left not in volumes(engine)


def test_the_keeper_puts_right_what_a_crash_left(learner: User, other: User) -> None:
    lost = claim(learner)
    containers.remove_container(lost.container)
    orphan = containers.start_container("00000000-0000-4000-8000-000000000000")
    owned = claim(other)
    keep_once()
    lost.refresh_from_db()
    assert lost.state == Sandbox.State.GONE
    assert set(containers.containers_of_this_site()) == {owned.container}
    assert orphan != owned.container


def test_a_sandbox_claimed_while_the_keeper_looks_is_spared(
    learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed_before_the_claim() -> dict[str, str]:
        claim(learner)
        return {}

    with monkeypatch.context() as patched:
        patched.setattr(containers, "containers_of_this_site", listed_before_the_claim)
        keep_once()
    assert Sandbox.objects.get().state == Sandbox.State.CLAIMED


def test_starting_afresh_gives_another_and_leaves_nothing_of_the_first(learner: User) -> None:
    first = claim(learner)
    second = async_to_sync(services.start_afresh)(learner)
    assert second.pk != first.pk
    assert list(containers.containers_of_this_site()) == [second.container]


def test_ending_all_spares_whoever_got_the_freed_seat_meanwhile(
    learner: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(learner)

    async def end(sandbox: Sandbox, reason: Ending) -> None:
        await services.end(sandbox, reason)
        await services.claim(other)

    monkeypatch.setattr(end_sandboxes, "end", end)
    call_command("end_sandboxes")
    after = Sandbox.objects.get(owner=other)
    assert list(containers.containers_of_this_site()) == [after.container]


def test_the_memory_limit_is_as_set_and_without_swap(
    learner: User, settings: Settings, engine: APIClient
) -> None:
    settings.SANDBOX_MEMORY = "1536m"
    limits = engine.inspect_container(claim(learner).container)["HostConfig"]
    assert limits["Memory"] == limits["MemorySwap"] == 1536 * 1024 * 1024


def test_a_lesson_may_ask_for_more_memory_as_far_as_the_site_gives_it(
    learner: User, client: Client, engine: APIClient, settings: Settings
) -> None:
    settings.SANDBOX_MEMORY, settings.SANDBOX_MEMORY_MOST = "512m", "1g"
    client.force_login(learner)
    given = []
    for asked in ("", "x", "-1", str(700 * 1024**2), str(600 * 1024**2), "9" * 15):
        assert client.post(f"{reverse('claim-sandbox')}?memory={asked}").status_code == 200
        container = Sandbox.objects.get(owner=learner, state="claimed").container
        limits = engine.inspect_container(container)["HostConfig"]
        assert limits["Memory"] == limits["MemorySwap"]
        given.append(limits["Memory"] // 1024**2)
    assert given == [512, 512, 512, 700, 700, 1024]


def test_who_could_not_be_given_more_memory_is_told(
    learner: User, client: Client, settings: Settings
) -> None:
    more = LESSON + "size: {memory: 700m}\n"
    load_files(greeting(more), "greeting")
    settings.SANDBOX_MEMORY, settings.SANDBOX_MEMORY_MOST, settings.SANDBOX_MAX = "512m", "1g", 1
    client.force_login(learner)
    told = []
    for settings.SANDBOX_MAX in (1, 2):
        client.post(f"{reverse('claim-sandbox')}?memory={700 * 1024**2}")
        look = client.post("/en/lessons/greeting/hello/check/").content.decode()
        told.append("asks for more memory than usual" in look)
    assert told == [True, False]


def test_a_class_at_the_same_moment_gets_as_many_as_there_is_room_for(settings: Settings) -> None:
    settings.SANDBOX_MAX = 2
    everybody = [User.objects.create(username=f"u{n}", name=f"u{n}") for n in range(8)]

    async def arrive() -> list[object]:
        return await asyncio.gather(*map(services.claim, everybody), return_exceptions=True)

    arrived = async_to_sync(arrive)()
    assert sum(isinstance(one, Sandbox) for one in arrived) == 2
    assert sum(isinstance(one, ClassroomFull) for one in arrived) == 6
    assert len(containers.containers_of_this_site()) == 2


def test_a_browser_that_went_away_meanwhile_finds_its_sandbox_started(learner: User) -> None:
    async def reload() -> Sandbox:
        first = asyncio.create_task(services.claim(learner))
        await asyncio.sleep(0.15)
        first.cancel()
        return await services.claim(learner)

    sandbox = async_to_sync(reload)()
    assert sandbox.state == Sandbox.State.CLAIMED
    assert Sandbox.objects.count() == 1


def test_an_engine_that_goes_away_within_an_answer_is_named(
    learner: User, settings: Settings, tmp_path: Path
) -> None:
    sandbox = claim(learner)
    address = str(tmp_path / "engine.sock")

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
        writer.close()

    async def ask() -> None:
        async with await asyncio.start_unix_server(hang_up, address):
            settings.SANDBOX_ENGINE = f"unix://{address}"
            await run_in_sandbox(sandbox.container, ["true"], user="student")

    ours = settings.SANDBOX_ENGINE
    with pytest.raises(EngineDown):
        async_to_sync(ask)()
    settings.SANDBOX_ENGINE = ours
