"""Seats: first come, first served; a queue that moves by itself; and what a class reserved."""

import os
import sqlite3
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import Cohort, User
from sandbox import pool, queue, seats
from sandbox.capacity import size_in_bytes
from sandbox.lifecycle import State
from sandbox.management.commands import keep_sandboxes
from sandbox.models import QueuePlace, Reservation, Sandbox
from sandbox.reservations import ReservationRefused, reserve
from sandbox.seats import capacity, seated
from sandbox.standing import standing_of

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def two_seats(settings: Settings) -> None:
    settings.SANDBOX_MAX = 2


@pytest.fixture
def people(db: None) -> list[User]:
    return [User.objects.create(username=name, name=name) for name in "abcdefg"]


def take(learner: User) -> bool:
    """Whether they got a seat."""
    return seats.take(learner) is not None


def leave(learner: User) -> None:
    ended = Sandbox.objects.filter(owner=learner, state__in=Sandbox.LIVE)
    ended.update(state=State.GONE, claimed_at=timezone.now() - MINUTE, ended_at=timezone.now())


def state_of(learner: User) -> str:
    return async_to_sync(standing_of)(learner).state


def number_of(learner: User) -> object:
    return async_to_sync(standing_of)(learner).told.get("number")


def test_who_comes_when_all_are_taken_waits_in_order(people: list[User]) -> None:
    a, b, c, d, e, *_others = people
    assert [take(one) for one in (a, b, c, d)] == [True, True, False, False]
    assert [number_of(c), number_of(d)] == [1, 2]
    assert not take(c), "a reload"
    assert [number_of(c), number_of(d)] == [1, 2], "and the place is kept"
    leave(a)
    assert (state_of(c), state_of(d)) == ("turn", "queued")
    assert not take(e), "who has just come is not let in before those who wait"
    assert not take(d)
    assert take(c)
    assert [number_of(d), number_of(e)] == [1, 2]
    leave(b)
    assert take(d)


def test_a_closed_page_drops_out_and_the_next_moves_up(people: list[User]) -> None:
    a, b, c, d, e, *_others = people
    for one in (a, b, c, d):
        take(one)
    QueuePlace.objects.filter(learner=c).update(seen_at=timezone.now() - queue.LEFT_AFTER)
    assert number_of(d) == 1
    leave(a)
    assert take(d)
    queue.forget_those_who_left()
    assert not QueuePlace.objects.filter(learner=c).exists()
    assert not take(c), "and begins anew"
    assert not take(e)
    assert [number_of(c), number_of(e)] == [1, 2]


def test_an_open_page_keeps_its_place(people: list[User]) -> None:
    for one in people[:3]:
        take(one)
    waits = people[2]
    QueuePlace.objects.update(seen_at=timezone.now() - queue.LEFT_AFTER + 5 * MINUTE / 60)
    assert number_of(waits) == 1
    assert QueuePlace.objects.get().seen_at > timezone.now() - MINUTE / 6


def test_a_turn_that_is_not_taken_passes_on(people: list[User]) -> None:
    a, b, c, d, *_others = people
    for one in (a, b, c, d):
        take(one)
    leave(a)
    assert (state_of(c), state_of(d)) == ("turn", "queued")
    QueuePlace.objects.filter(learner=c).update(called_at=timezone.now() - queue.TURN_LASTS)
    assert (state_of(c), state_of(d)) == ("none", "turn")
    assert not take(c), "it is behind the others now"
    assert take(d)


def test_a_start_that_failed_leaves_the_turn_where_it_was(people: list[User]) -> None:
    a, b, c, d, *_others = people
    for one in (a, b, c, d):
        take(one)
    leave(a)
    assert take(c)
    assert state_of(d) == "queued"
    Sandbox.objects.filter(owner=c, state=State.STARTING).update(state=State.FAILED)
    assert (state_of(c), state_of(d)) == ("turn", "queued")


def test_what_waits_in_the_pool_is_a_free_seat_in_its_turn(
    people: list[User], settings: Settings
) -> None:
    a, b, c, *_others = people
    Sandbox.objects.create(state=State.READY, image=settings.SANDBOX_IMAGE)
    assert take(a)
    assert Sandbox.objects.get().owner == a
    take(b)
    assert not take(c)
    assert seats.hold_for_the_pool() is None, "people wait"


def test_what_waits_with_the_images_of_a_lesson_makes_room_for_another(
    people: list[User], settings: Settings
) -> None:
    a, b, c, *_others = people
    take(a)
    waiting = Sandbox.objects.create(
        state=State.READY, image=settings.SANDBOX_IMAGE, images="nginx:latest"
    )
    assert take(b)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.owner) == (State.ENDING, None)
    assert Sandbox.objects.get(owner=b).state == State.STARTING
    assert not take(c)


def test_starting_afresh_keeps_the_seat(people: list[User]) -> None:
    for one in people[:3]:
        take(one)
    Sandbox.objects.update(state=State.CLAIMED)
    new = seats.exchange(Sandbox.objects.get(owner=people[0]), "afresh")
    assert new is not None
    assert new.owner == people[0]
    assert state_of(people[2]) == "queued"


def test_of_many_at_once_in_two_processes_as_many_get_a_seat_as_there_are(tmp_path: Path) -> None:
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "HAKONIWA_STATE_DIR": str(tmp_path),
        "HAKONIWA_MAX_SANDBOXES": "3",
    }
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
    moment = str(time.time() + 3)
    processes = [
        subprocess.Popen(
            [sys.executable, "tests/arriving.py", moment, *names],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for names in ("abcde", "vwxyz")
    ]
    seated_ones = [name for process in processes for name in process.communicate()[0].split()]
    assert [process.returncode for process in processes] == [0, 0]
    assert len(seated_ones) == 3
    with sqlite3.connect(tmp_path / "db.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM sandbox_queueplace").fetchone() == (7,)


def test_the_wait_is_reckoned_from_what_was_freed_or_not_told(people: list[User]) -> None:
    for one in people[:4]:
        take(one)
    assert async_to_sync(standing_of)(people[3]).told == {"number": 2, "minutes": None}
    for minutes in (5, 10, 15, 20):
        ended = timezone.now() - minutes * MINUTE
        Sandbox.objects.create(state=State.GONE, claimed_at=ended - HOUR, ended_at=ended)
    assert async_to_sync(standing_of)(people[3]).told == {"number": 2, "minutes": 30}


@pytest.mark.parametrize(
    ("classes", "free", "held", "answers"),
    [
        ([None, None], 1, {}, [True, False]),
        ([None, 1], 1, {1: 1}, [False, True]),
        ([None, 1, 1], 2, {1: 1}, [True, True, False]),
        ([2, 1, None, 1], 3, {1: 2}, [True, True, False, True]),
        ([1, 2], 1, {1: 5}, [True, False]),
        ([None], 0, {}, [False]),
    ],
)
def test_a_class_has_what_it_reserved_and_others_the_rest(
    classes: list[int | None], free: int, held: dict[int, int], answers: list[bool]
) -> None:
    assert seated(classes, free, held) == answers


def test_reserved_seats_are_kept_for_their_class(
    people: list[User], learner: User, cohort: Cohort
) -> None:
    a, b, *_others = people
    reserve(cohort, 1, timezone.now(), timezone.now() + HOUR)
    assert take(a)
    assert not take(b), "the other seat is the class's"
    assert take(learner)
    leave(learner)
    Reservation.objects.update(starts_at=timezone.now() - 2 * HOUR, ends_at=timezone.now() - MINUTE)
    assert take(b), "its time is over"


def test_seats_are_held_a_little_before(people: list[User], cohort: Cohort) -> None:
    reserve(cohort, 2, timezone.now() + 16 * MINUTE, timezone.now() + HOUR)
    assert take(people[0])
    Reservation.objects.update(starts_at=timezone.now() + 14 * MINUTE)
    assert not take(people[1])


def at(hour: float) -> datetime:
    today = timezone.now().replace(hour=3, minute=0, second=0, microsecond=0)
    return today + timedelta(days=1, hours=hour)


@pytest.mark.parametrize(
    ("wanted", "starts_at", "ends_at", "field"),
    [
        (1, -60, -59, "starts_at"),
        (1, 2, 2, "ends_at"),
        (1, 0, 13, "ends_at"),
        (3, 5, 6, "seats"),
        (2, 1.5, 2.5, "seats"),
        (1, 1, 3, None),
        (2, 2, 3, None),
    ],
)
def test_what_cannot_be_reserved_is_named(
    cohort: Cohort, wanted: int, starts_at: float, ends_at: float, field: str | None
) -> None:
    other = Cohort.objects.create(name="2", code="2222-2222")
    reserve(other, 1, at(1), at(2))
    if field is None:
        assert reserve(cohort, wanted, at(starts_at), at(ends_at)).pk
        with pytest.raises(ReservationRefused) as twice:
            reserve(cohort, 1, at(starts_at + 0.5), at(ends_at))
        assert twice.value.field == "starts_at"
    else:
        with pytest.raises(ReservationRefused) as refused:
            reserve(cohort, wanted, at(starts_at), at(ends_at))
        assert refused.value.field == field


def test_the_fullest_moment_counts(cohort: Cohort, settings: Settings) -> None:
    settings.SANDBOX_MAX = 3
    for code, begin in (("A", 1), ("B", 2)):
        other = Cohort.objects.create(name=code, code=code)
        reserve(other, 2, at(begin), at(begin + 1))
    assert reserve(cohort, 1, at(0), at(4)).pk, "never more than two others at once"


@pytest.mark.parametrize(
    ("written", "size"), [("1g", 2**30), ("512m", 2**29), ("1.5G", 3 * 2**29), ("64kb", 2**16)]
)
def test_sizes_are_read_as_docker_reads_them(written: str, size: int) -> None:
    assert size_in_bytes(written) == size


def test_memory_and_disk_each_set_a_limit(settings: Settings) -> None:
    settings.SANDBOX_MAX = 0
    settings.SANDBOX_MEMORY, settings.SANDBOX_DISK = "1g", "1m"
    by_memory = capacity()
    settings.SANDBOX_DISK = "100t"
    assert capacity() == 0 < by_memory
    settings.SANDBOX_MEMORY, settings.SANDBOX_DISK = "100t", "1m"
    assert capacity() == 1


def test_doctor_and_site_reckon_alike(settings: Settings) -> None:
    settings.SANDBOX_MAX = 0
    command = [sys.executable, "-I", "sandbox/capacity.py"]
    sizes = [settings.SANDBOX_MEMORY, settings.SANDBOX_DISK, settings.SANDBOX_DATA_DIR]
    printed = subprocess.run([*command, *sizes], cwd=ROOT, capture_output=True, check=True)
    assert min(map(int, printed.stdout.split())) == capacity()


def test_a_busy_machine_refills_no_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    refilled: list[bool] = []

    async def refill() -> bool:
        refilled.append(True)
        return True

    monkeypatch.setattr(pool, "refill", refill)
    monkeypatch.setattr("os.getloadavg", lambda: (1000.0, 0.0, 0.0))
    assert not async_to_sync(pool.refill_when_quiet)()
    assert not refilled
    monkeypatch.setattr("os.getloadavg", lambda: (0.1, 1000.0, 1000.0))
    assert async_to_sync(pool.refill_when_quiet)()
    assert refilled


def test_an_operator_who_asks_for_one_round_has_the_pool_filled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However busy the machine is."""
    more = [True, True, False]

    async def refill() -> bool:
        return more.pop(0)

    monkeypatch.setattr("os.getloadavg", lambda: (1000.0, 1000.0, 1000.0))
    monkeypatch.setattr(keep_sandboxes, "refill", refill)
    monkeypatch.setattr(keep_sandboxes, "keep_once", lambda: None)
    call_command("keep_sandboxes", "--once")
    assert not more


def test_who_is_given_more_memory_takes_more_seats_if_there_are_any(
    people: list[User], settings: Settings
) -> None:
    settings.SANDBOX_MAX = 3
    assert take(people[0])
    first = Sandbox.objects.get(owner=people[0])
    assert seats.widen(first, 2)
    assert seats.widen(first, 1), "what it has it keeps"
    assert take(people[1])
    assert not take(people[2]), "the third seat is the first one's second"
    assert not seats.widen(Sandbox.objects.get(owner=people[1]), 2)
    leave(people[0])
    assert not seats.widen(Sandbox.objects.get(owner=people[1]), 2), "somebody waits"
    assert take(people[2])
    assert seats.widen(Sandbox.objects.get(owner=people[1]), 2)


def test_a_class_that_has_reserved_finds_its_sandboxes_started(
    people: list[User], settings: Settings
) -> None:
    settings.SANDBOX_MAX, settings.SANDBOX_POOL = 9, 1
    cohort = Cohort.objects.create(name="at ten")
    User.objects.filter(pk=people[0].pk).update(cohort=cohort)
    starts_at = timezone.now() + 20 * MINUTE
    Reservation.objects.create(
        cohort=cohort, seats=4, starts_at=starts_at, ends_at=starts_at + HOUR
    )
    filled = fill_the_pool()
    assert len(filled) == 1, "there is time yet"
    Reservation.objects.update(starts_at=starts_at - 10 * MINUTE)
    assert len(fill_the_pool()) == 3
    assert take(User.objects.get(pk=people[0].pk))
    assert fill_the_pool() == [], "theirs is one of the four"
    Reservation.objects.update(ends_at=timezone.now() - MINUTE, starts_at=timezone.now() - HOUR)
    assert len(seats.surplus_of_the_pool(timezone.now())) == 2, "nobody of the class came"


def fill_the_pool() -> list[Sandbox]:
    """What the keeper starts, as if each started at once."""
    started = []
    while sandbox := seats.hold_for_the_pool():
        Sandbox.objects.filter(pk=sandbox.pk).update(state=State.READY)
        started.append(sandbox)
    return started
