"""A learner's sandbox from its claim to its end, on the real engine."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.test import override_settings
from django.utils import timezone
from docker import APIClient
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import User
from sandbox import containers, services, starting
from sandbox.errors import ClassroomFull, EngineDown, ImageMissing, SandboxError, SandboxGone
from sandbox.keeping import keep_once
from sandbox.models import Sandbox

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
    before = volumes(engine)
    sandbox = claim(learner)
    assert volumes(engine) > before
    attempt(services.end, sandbox, "a test")
    assert containers.containers_of_this_site() == {}
    assert volumes(engine) == before
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
    specification = containers._specification()
    specification["Entrypoint"] = ["/usr/bin/tini", "--", "sleep", "600"]
    monkeypatch.setattr(containers, "_specification", lambda: specification)
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
    ("field", "minutes"),
    [("active_at", "SANDBOX_IDLE_MINUTES"), ("claimed_at", "SANDBOX_MAX_MINUTES")],
)
def test_the_keeper_ends_what_is_idle_or_too_old(
    learner: User, settings: Settings, field: str, minutes: str
) -> None:
    sandbox = claim(learner)
    keep_once()
    sandbox.refresh_from_db()
    assert sandbox.state == Sandbox.State.CLAIMED
    setattr(sandbox, field, timezone.now() - timedelta(minutes=getattr(settings, minutes) + 1))
    sandbox.save()
    keep_once()
    sandbox.refresh_from_db()
    assert sandbox.state == Sandbox.State.GONE
    assert containers.containers_of_this_site() == {}


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
