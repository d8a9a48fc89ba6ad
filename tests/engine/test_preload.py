"""Images that a lesson needs are there before its learner is, and nobody else has them."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.http import QueryDict
from django.utils import timezone
from docker import APIClient
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import User
from sandbox import containers, pool, services
from sandbox.keeping import keep_once
from sandbox.lifecycle import State
from sandbox.models import Sandbox
from sandbox.preload import asked, asking

pytestmark = pytest.mark.django_db(transaction=True)
BUSYBOX = "busybox:latest"
LISTED = "docker images --format '{{.Repository}}:{{.Tag}}'"


@pytest.fixture(autouse=True)
def site(settings: Settings, engine: APIClient) -> Iterator[None]:
    settings.SANDBOX_SITE = f"{settings.SANDBOX_SITE}-preload"
    settings.SANDBOX_POOL = 2
    yield
    for container in containers.containers_of_this_site():
        containers.remove_container(container)


@pytest.fixture
def learners(db: None) -> list[User]:
    return [User.objects.create(username=name, name=name) for name in ("a", "b")]


@pytest.fixture
def somebody_came(db: None) -> Callable[..., None]:
    """For a lesson that needs an image, some minutes ago."""

    def came(images: str = BUSYBOX, minutes: int = 5) -> None:
        then = timezone.now() - timedelta(minutes=minutes)
        Sandbox.objects.create(state=State.GONE, images=images, claimed_at=then)

    return came


def fill_the_pool() -> None:
    while async_to_sync(pool.refill)():
        pass


def test_one_of_the_pool_waits_with_what_a_lesson_needs(
    learners: list[User], somebody_came: Callable[..., None], run: Callable[..., str]
) -> None:
    somebody_came()
    fill_the_pool()
    waiting = Sandbox.objects.filter(state=State.READY)
    assert {row.images: run(row.container, LISTED) for row in waiting} == {
        "": "",
        BUSYBOX: BUSYBOX,
    }
    # The same lesson's next learner gets that one, and a lesson about pulling the other.
    assert run(async_to_sync(services.claim)(learners[0], BUSYBOX).container, LISTED) == BUSYBOX
    assert run(async_to_sync(services.claim)(learners[1]).container, LISTED) == ""


def test_without_one_that_waits_it_is_pulled_after_the_claim_and_only_once(
    learners: list[User], run: Callable[..., str]
) -> None:
    async def come() -> str:
        container = (await services.claim(learners[0], BUSYBOX)).container
        for _try in range(100):
            if BUSYBOX in (listed := await asyncio.to_thread(run, container, LISTED)):
                break
            await asyncio.sleep(0.1)
        assert listed == BUSYBOX
        # What they have removed stays removed when the page is opened again.
        await asyncio.to_thread(run, container, f"docker rmi {BUSYBOX}")
        await services.claim(learners[0], BUSYBOX)
        await asyncio.sleep(1)
        return await asyncio.to_thread(run, container, LISTED)

    assert async_to_sync(come)() == ""


def test_an_image_that_cannot_be_pulled_keeps_nobody_from_the_sandbox(
    learners: list[User], somebody_came: Callable[..., None], run: Callable[..., str]
) -> None:
    somebody_came("no-such-image:latest")
    fill_the_pool()
    claimed = async_to_sync(services.claim)(learners[0], "no-such-image:latest")
    assert claimed.images == "no-such-image:latest"
    assert run(claimed.container, "docker run --rm hello-world | head -2").strip()


def test_the_pool_forgets_what_nobody_has_asked_for_lately(
    somebody_came: Callable[..., None], settings: Settings
) -> None:
    somebody_came(minutes=60)
    ready = Sandbox.objects.create(state=State.READY, image=settings.SANDBOX_IMAGE, images=BUSYBOX)
    keep_once()
    ready.refresh_from_db()
    assert (ready.state, ready.reason) == (State.GONE, "nobody asks for its images any more")


def test_a_pool_of_one_fits_anybody(somebody_came: Callable[..., None], settings: Settings) -> None:
    settings.SANDBOX_POOL = 1
    somebody_came()
    fill_the_pool()
    assert Sandbox.objects.get(state=State.READY).images == ""


def test_an_address_asks_for_no_more_than_the_mirror_has() -> None:
    address = asking("/sandboxes/", ["nginx", "busybox", "--help", "evil.example/x;reboot"])
    assert asked(QueryDict(address.partition("?")[2])) == "busybox:latest nginx:latest"
