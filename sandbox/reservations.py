"""Seats that an instructor reserves for a class for a time."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hakoniwa.accounts.models import Cohort

from .models import Reservation
from .seats import alone, capacity

# A form says minutes, and somebody takes one to fill it in.
BARELY_PAST = timedelta(minutes=5)
LONGEST = timedelta(hours=12)


class ReservationRefused(Exception):
    """Something an instructor can put right; `field` names the form field it is about."""

    def __init__(self, field: str, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.field = field


def reserve(cohort: Cohort, seats: int, starts_at: datetime, ends_at: datetime) -> Reservation:
    """Raises ReservationRefused."""
    if starts_at < timezone.now() - BARELY_PAST:
        raise ReservationRefused("starts_at", _("This time is past. Choose one from now on."))
    if ends_at <= starts_at:
        raise ReservationRefused("ends_at", _("The end must be later than the beginning."))
    if ends_at - starts_at > LONGEST:
        sentence = _("At most 12 hours at a time, so that nobody is kept out for longer.")
        raise ReservationRefused("ends_at", sentence)
    with alone():
        others = list(Reservation.objects.filter(starts_at__lt=ends_at, ends_at__gt=starts_at))
        if any(other.cohort_id == cohort.pk for other in others):
            sentence = _("This class has reserved seats for that time already. Cancel those first.")
            raise ReservationRefused("starts_at", sentence)
        left = capacity() - _most_at_once(others, starts_at)
        if seats > left:
            sentence = _("Only %(left)d seats can be reserved for that time.") % {"left": left}
            raise ReservationRefused("seats", sentence)
        return Reservation.objects.create(
            cohort=cohort, seats=seats, starts_at=starts_at, ends_at=ends_at
        )


def _most_at_once(reservations: list[Reservation], starts_at: datetime) -> int:
    """How many seats they take at the fullest moment, which is where one of them begins."""
    moments = [starts_at, *(one.starts_at for one in reservations if one.starts_at > starts_at)]
    return max(
        sum(one.seats for one in reservations if one.starts_at <= moment < one.ends_at)
        for moment in moments
    )
