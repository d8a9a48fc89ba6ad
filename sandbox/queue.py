"""The queue before a full classroom: who waits, in which place, and for how long about."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from hakoniwa.accounts.models import User

from .endings import Ending
from .models import QueuePlace, Sandbox

# A page that is open says so every few seconds; after this long it was closed, or its network is
# away. A reload takes a second.
LEFT_AFTER = timedelta(seconds=45)
SAY_SO_AFTER = timedelta(seconds=10)
# A page takes its turn at once. One that does not is broken, and others wait.
TURN_LASTS = timedelta(seconds=30)
# The rate at which sandboxes were freed lately; of fewer nothing can be said.
LATELY = timedelta(hours=1)
FEWEST_TO_RECKON_WITH = 3


@dataclass(frozen=True)
class Place:
    """Where somebody is in the queue; `minutes` is None where nobody can tell."""

    number: int
    minutes: int | None


def waiting(now: datetime) -> list[QueuePlace]:
    """First come, first. Not: who has left, did not take their turn, or gets a sandbox just now."""
    places = QueuePlace.objects.filter(seen_at__gt=now - LEFT_AFTER)
    places = places.exclude(called_at__lt=now - TURN_LASTS)
    places = places.exclude(learner__sandboxes__state__in=Sandbox.LIVE)
    return list(places.select_related("learner").order_by("joined_at", "pk"))


def join(learner: User, now: datetime) -> None:
    """Take the last place, or keep the one they have."""
    kept = any(place.learner_id == learner.pk for place in waiting(now))
    if not kept:
        QueuePlace.objects.filter(learner=learner).delete()
        QueuePlace.objects.create(learner=learner, joined_at=now, seen_at=now)


def still_here(place: QueuePlace, now: datetime) -> None:
    """The page of somebody who waits is open."""
    if place.seen_at < now - SAY_SO_AFTER:
        QueuePlace.objects.filter(pk=place.pk).update(seen_at=now)


def call(place: QueuePlace, now: datetime) -> None:
    """It is their turn; from the first time they are told, it lasts so long."""
    QueuePlace.objects.filter(pk=place.pk, called_at=None).update(called_at=now)


def place_in(line: list[QueuePlace], place: QueuePlace, now: datetime) -> Place:
    number = line.index(place) + 1
    freed = Sandbox.objects.filter(claimed_at__isnull=False, ended_at__gt=now - LATELY)
    freed_count = freed.exclude(reason=Ending.AFRESH).count()
    if freed_count < FEWEST_TO_RECKON_WITH:
        return Place(number, None)
    return Place(number, math.ceil(number * LATELY.total_seconds() / 60 / freed_count))


def forget_those_who_left() -> None:
    now = timezone.now()
    here = [place.pk for place in waiting(now)]
    QueuePlace.objects.exclude(pk__in=here).filter(seen_at__lt=now - LEFT_AFTER).delete()
