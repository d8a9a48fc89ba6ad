"""Who gets a seat: first come, first served, and a class those that were reserved for it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from hakoniwa.accounts.models import User

from . import queue
from .capacity import seats_by_disk, seats_by_memory
from .endings import Ending
from .lifecycle import State, move_now
from .models import QueuePlace, Reservation, Sandbox
from .preload import asked_for_lately

# Any number, as long as nothing else on this database locks by it.
LOCK = 0x5EA75


@contextmanager
def alone() -> Iterator[None]:
    """A transaction beside which no other process hands out seats.

    SQLite's are so by themselves: the settings have them begin with the write lock.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


def capacity() -> int:
    """How many sandboxes this machine may hold at once."""
    most = settings.SANDBOX_MAX or seats_by_memory(settings.SANDBOX_MEMORY)
    return min(most, seats_by_disk(settings.SANDBOX_DISK, settings.SANDBOX_DATA_DIR))


@dataclass(frozen=True)
class Seat:
    """A learner's sandbox; `is_new`: taken by this very call, whose caller starts it if need be."""

    sandbox: Sandbox
    is_new: bool


def take(learner: User, images: str = "") -> Seat | None:
    """The learner's seat: the one they have, else a free one; None: they wait in the queue now.

    `images`: what their lesson needs, as `preload.asked` has it.
    """
    with alone():
        now = timezone.now()
        mine = Sandbox.objects.filter(owner=learner, state__in=Sandbox.LIVE).first()
        if mine is not None:
            return Seat(mine, is_new=False)
        line = [place.learner for place in queue.waiting(now)]
        if learner not in line:
            line.append(learner)
        if not _seated(line, now)[line.index(learner)]:
            queue.join(learner, now)
            return None
        return Seat(_give(learner, images), is_new=True)


def exchange(sandbox: Sandbox, reason: str, images: str = "") -> Sandbox | None:
    """Another one in the same seat, for which nobody queues anew; None: it has ended meanwhile."""
    with alone():
        learner = sandbox.owner
        if learner is None or not move_now(sandbox, State.ENDING, reason=reason):
            return None
        return _give(learner, images)


def widen(sandbox: Sandbox, seats: int) -> bool:
    """Let it take so many seats; False where there are not enough, or somebody waits for one."""
    with alone():
        sandbox.refresh_from_db()
        more = seats - sandbox.seats
        if more > 0 and (_in_use() + more > capacity() or queue.waiting(timezone.now())):
            return False
        sandbox.seats = max(seats, sandbox.seats)
        sandbox.save(update_fields=["seats"])
        return True


def pool_size(now: datetime) -> int:
    """How many are to wait: a class that has reserved seats finds its sandboxes started."""
    reserved = sum(_held(now).values())
    return max(settings.SANDBOX_POOL, reserved) if settings.SANDBOX_POOL else 0


def surplus_of_the_pool(now: datetime) -> list[Sandbox]:
    """Those that wait for a class whose time is over."""
    ready = Sandbox.objects.filter(state=State.READY).order_by("created_at")
    return list(ready[pool_size(now) :]) if settings.SANDBOX_POOL else []


def hold_for_the_pool() -> Sandbox | None:
    """A row for one more that waits for somebody; None where there are enough, or no room.

    Never while a learner waits for a seat or a start: theirs comes first.
    """
    with alone():
        live = Sandbox.objects.filter(state__in=Sandbox.LIVE)
        ready = live.filter(state=State.READY)
        if ready.count() >= pool_size(timezone.now()):
            return None
        if live.filter(state=State.STARTING).exists() or _in_use() >= capacity():
            return None
        if queue.waiting(timezone.now()):
            return None
        # One of several waits with what a lesson needs; the others fit anybody.
        asked = asked_for_lately() if settings.SANDBOX_POOL > 1 else []
        images = asked[0] if asked and not ready.exclude(images="").exists() else ""
        return Sandbox.objects.create(image=settings.SANDBOX_IMAGE, images=images)


def place_of(learner: User) -> tuple[queue.Place, bool] | None:
    """Their place in the queue and whether it is their turn; None where they don't wait (any more).

    To ask is to say that one's page is still open.
    """
    now = timezone.now()
    place = QueuePlace.objects.filter(learner=learner).first()
    if place is None:
        return None
    queue.still_here(place, now)
    line = queue.waiting(now)
    if place not in line:
        return None
    its_turn = _seated([other.learner for other in line], now)[line.index(place)]
    if its_turn:
        queue.call(place, now)
    return queue.place_in(line, place, now), its_turn


def seated(classes: Sequence[int | None], free: int, held: Mapping[int, int]) -> list[bool]:
    """Who of those that wait has a seat, given their classes in the order in which they came.

    `held`: how many of the free seats each class has reserved and does not use yet.
    """
    left = dict(held)
    answers = []
    for cohort in classes:
        of_their_class = cohort is not None and left.get(cohort, 0) > 0
        has_one = free > 0 and (of_their_class or free > sum(left.values()))
        if has_one:
            free -= 1
        if has_one and of_their_class and cohort is not None:
            left[cohort] -= 1
        answers.append(has_one)
    return answers


def _in_use() -> int:
    """Seats that are taken, those of the pool included."""
    live = Sandbox.objects.filter(state__in=Sandbox.LIVE)
    return int(live.aggregate(seats=Sum("seats", default=0))["seats"])


def _seated(line: list[User], now: datetime) -> list[bool]:
    live = Sandbox.objects.filter(state__in=Sandbox.LIVE)
    in_the_pool = live.filter(state=State.READY, image=settings.SANDBOX_IMAGE).count()
    free = capacity() - _in_use() + in_the_pool
    return seated([learner.cohort_id for learner in line], free, _held(now))


def _held(now: datetime) -> dict[int, int]:
    """How many seats each class has reserved and does not use yet."""
    live = Sandbox.objects.filter(state__in=Sandbox.LIVE)
    return {
        reservation.cohort_id: max(
            0, reservation.seats - live.filter(owner__cohort=reservation.cohort_id).count()
        )
        for reservation in Reservation.at(now)
    }


def _give(learner: User, images: str) -> Sandbox:
    """One from the pool, the learner's now, else a row of one to start.

    None with the images of another lesson: theirs may be about pulling them.
    """
    ready = Sandbox.objects.filter(state=State.READY, image=settings.SANDBOX_IMAGE)
    fitting = ready.filter(images__in=[images, ""])
    for sandbox in fitting.order_by("-images", "created_at"):
        if move_now(sandbox, State.CLAIMED, owner=learner):
            QueuePlace.objects.filter(learner=learner).delete()
            return sandbox
    if _in_use() >= capacity():
        for sandbox in ready[:1]:  # the keeper takes it away
            move_now(sandbox, State.ENDING, reason=Ending.MADE_ROOM)
    # Until it has started they keep their place: should it fail, they are the next again.
    QueuePlace.objects.filter(learner=learner).update(called_at=None)
    return Sandbox.objects.create(owner=learner, image=settings.SANDBOX_IMAGE)
