"""A guest account ends with its session: nobody can sign in to it again."""

from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from .models import User

# A guest who has just come in may not have a session yet.
YOUNG = timedelta(days=1)


def forget_guests() -> None:
    """Remove expired sessions, and guests who have none any more, with their progress."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    here = {session.get_decoded().get(SESSION_KEY) for session in Session.objects.iterator()}
    guests = User.objects.filter(role=User.Role.GUEST, created_at__lt=now - YOUNG)
    for guest in guests.iterator():
        if str(guest.pk) not in here:
            guest.delete()
