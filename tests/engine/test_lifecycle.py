"""A sandbox's states: nothing is claimed twice, and no kill -9 loses or leaves anything."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from docker import APIClient
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import User
from sandbox import containers, pool, services
from sandbox.keeping import keep_once
from sandbox.lifecycle import MOVES, State, move
from sandbox.models import Sandbox

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def site(settings: Settings, engine: APIClient) -> Iterator[None]:
    settings.SANDBOX_SITE = f"{settings.SANDBOX_SITE}-lifecycle"
    settings.SANDBOX_POOL = 1
    yield
    for container in containers.containers_of_this_site():
        containers.remove_container(container)


@pytest.fixture
def learners(db: None) -> list[User]:
    return [User.objects.create(username=name, name=name) for name in ("a", "b")]


def refill() -> bool:
    return async_to_sync(pool.refill)()


def test_only_the_drawn_moves_exist() -> None:
    sandbox = Sandbox.objects.create()
    for state in State:
        Sandbox.objects.filter(pk=sandbox.pk).update(state=state, owner=None)
        for to in [other for other in State if other not in MOVES[state]]:
            sandbox.refresh_from_db()
            with pytest.raises(ValueError, match="does not go"):
                async_to_sync(move)(sandbox, to)


def test_of_two_processes_one_gets_it(learners: list[User]) -> None:
    ready = Sandbox.objects.create(state=State.READY)
    seen_by_both = Sandbox.objects.get(pk=ready.pk)
    assert async_to_sync(move)(ready, State.CLAIMED, owner=learners[0])
    assert not async_to_sync(move)(seen_by_both, State.CLAIMED, owner=learners[1])
    assert seen_by_both.owner == learners[0]


def test_the_database_itself_forbids_a_second_one(learners: list[User]) -> None:
    Sandbox.objects.create(state=State.CLAIMED, owner=learners[0])
    with pytest.raises(IntegrityError):
        Sandbox.objects.create(state=State.STARTING, owner=learners[0])
    with pytest.raises(IntegrityError):
        Sandbox.objects.create(state=State.READY, owner=learners[1])


def test_the_pool_is_filled_to_its_size_and_a_claim_takes_from_it(learners: list[User]) -> None:
    assert refill()
    assert not refill(), "it is full"
    [waiting] = Sandbox.objects.all()
    assert (waiting.state, waiting.owner) == (State.READY, None)
    claimed = async_to_sync(services.claim)(learners[0])
    assert claimed.pk == waiting.pk
    assert claimed.owner == learners[0]
    assert refill(), "there is room again"


def test_two_learners_and_a_pool_of_one(learners: list[User]) -> None:
    refill()

    async def arrive() -> list[Sandbox]:
        return await asyncio.gather(*(services.claim(learner) for learner in learners))

    first, second = async_to_sync(arrive)()
    assert {first.owner_id, second.owner_id} == {learner.pk for learner in learners}
    assert len(containers.containers_of_this_site()) == 2


def test_refilling_waits_for_learners_and_leaves_them_room(
    learners: list[User], settings: Settings
) -> None:
    Sandbox.objects.create(state=State.STARTING, owner=learners[0])
    assert not refill(), "a learner waits for a start"
    Sandbox.objects.update(state=State.CLAIMED)
    settings.SANDBOX_MAX = 1
    assert not refill(), "the classroom is full"
    assert Sandbox.objects.count() == 1


def test_an_old_image_waits_for_nobody(learners: list[User], settings: Settings) -> None:
    refill()
    Sandbox.objects.update(image="hakoniwa/sandbox:old")
    claimed = async_to_sync(services.claim)(learners[0])
    assert claimed.image == settings.SANDBOX_IMAGE
    keep_once()
    assert Sandbox.objects.get(image="hakoniwa/sandbox:old").state == State.GONE
    assert list(containers.containers_of_this_site()) == [claimed.container]


GONE_OR_NOTHING = {"failed", "gone"}


@pytest.mark.parametrize(
    ("action", "function", "when", "left"),
    [
        ("claim", "start_container", "before", []),
        ("claim", "start_container", "after", []),
        ("claim", "claimed", "before", []),
        ("claim", "claimed", "after", ["claimed"]),
        ("refill", "start_container", "after", []),
        ("refill", "ready", "before", []),
        ("refill", "ready", "after", ["ready"]),
        ("claim from the pool", "claimed", "before", ["ready"]),
        ("claim from the pool", "claimed", "after", ["ready"]),  # in one transaction with …
        ("claim from the pool", "take", "after", ["claimed"]),  # … what ends here
        ("turn", "start_container", "before", []),
        ("turn", "start_container", "after", []),
        ("turn", "claimed", "before", []),
        ("turn", "claimed", "after", ["claimed"]),
        ("end", "ending", "before", ["claimed"]),
        ("end", "ending", "after", []),
        ("end", "remove_container", "before", []),
        ("end", "remove_container", "after", []),
        ("end", "gone", "before", []),
        ("end", "gone", "after", []),
    ],
)
def test_killed_at_any_moment_nothing_is_lost_or_left(
    killable: "Killable", action: str, function: str, when: str, left: list[str]
) -> None:
    assert killable.run(action, function, when).returncode == -9
    found = json.loads(killable.run("tidy").stdout)
    assert [state for state in found["states"] if state not in GONE_OR_NOTHING] == left
    assert found["running"] == found["owned"]
    assert len(found["running"]) == len(left)
    # Whose turn it was is the next again, unless they got what they waited for.
    assert found["next"] == ("learner" if action == "turn" and not left else None)


class Killable:
    """Processes of a site with a database of its own, in which one can be killed."""

    def __init__(self, folder: Path) -> None:
        self._environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "HAKONIWA_STATE_DIR": str(folder),
            "HAKONIWA_SITE": f"{os.environ['HAKONIWA_SITE']}-killed",
            "HAKONIWA_POOL": "1",
        }
        self._python("manage.py", "migrate", "--verbosity", "0").check_returncode()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.program("killed.py", *arguments)

    def program(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._python(f"tests/engine/{name}", *arguments)

    def _python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def killable(tmp_path_factory: pytest.TempPathFactory) -> Killable:
    return Killable(tmp_path_factory.mktemp("killed"))


def test_the_migration_keeps_who_owns_what_both_ways(learners: list[User]) -> None:
    Sandbox.objects.create(state=State.CLAIMED, owner=learners[0], container="c1")
    Sandbox.objects.create(state=State.GONE, owner=learners[0], container="c0")
    Sandbox.objects.create(state=State.READY, container="p")
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        before = MigrationExecutor(connection).migrate([("sandbox", "0001_initial")]).apps
        rows = before.get_model("sandbox", "Sandbox").objects
        assert sorted(rows.values_list("state", "container")) == [("ended", "c0"), ("ready", "c1")]
    finally:
        MigrationExecutor(connection).migrate(newest)
    states = dict(Sandbox.objects.values_list("container", "state"))
    assert states == {"c0": State.GONE, "c1": State.CLAIMED}
