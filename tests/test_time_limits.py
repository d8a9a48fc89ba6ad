"""How long a sandbox lasts, how that is put off, and what is forgotten when nobody can use it."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from hakoniwa.accounts.guests import forget_guests
from hakoniwa.accounts.models import User
from sandbox.errors import NoMoreTime
from sandbox.keeping import forget_old_rows
from sandbox.lifecycle import State, move
from sandbox.models import Sandbox
from sandbox.standing import standing_of
from sandbox.time_limits import extend

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def sandbox(learner: User) -> Sandbox:
    sandbox = Sandbox.objects.create(owner=learner)
    async_to_sync(move)(sandbox, State.CLAIMED)
    return sandbox


def minutes_left(learner: User) -> int:
    return round(int(async_to_sync(standing_of)(learner).told["ends_in"]) / 60)


def almost_over(sandbox: Sandbox, used: int = 0) -> None:
    """Five minutes are left, after so many minutes of extensions."""
    now = timezone.now()
    sandbox.ends_at = now + timedelta(minutes=5)
    sandbox.claimed_at = sandbox.ends_at - timedelta(minutes=240 + used)
    sandbox.save()


def test_a_new_sandbox_has_its_whole_time(sandbox: Sandbox, learner: User) -> None:
    assert minutes_left(learner) == 240
    async_to_sync(extend)(sandbox)
    assert minutes_left(learner) == 240, "there is nothing to put off yet"


def test_a_near_end_is_put_off_ten_times_and_then_no_more(
    sandbox: Sandbox, learner: User, settings: Settings
) -> None:
    for extension in range(10):
        almost_over(sandbox, used=30 * extension)
        assert async_to_sync(standing_of)(learner).told["may_extend"]
        async_to_sync(extend)(sandbox)
        assert minutes_left(learner) == 35
    almost_over(sandbox, used=300)
    assert not async_to_sync(standing_of)(learner).told["may_extend"]
    with pytest.raises(NoMoreTime):
        async_to_sync(extend)(sandbox)
    assert minutes_left(learner) == 5


def test_two_tabs_at_once_get_one_extension(sandbox: Sandbox, learner: User) -> None:
    almost_over(sandbox)

    async def both() -> None:
        tabs = [await Sandbox.objects.aget(pk=sandbox.pk) for _tab in range(2)]
        await asyncio.gather(*map(extend, tabs))

    async_to_sync(both)()
    assert minutes_left(learner) == 35


def test_saying_that_one_is_here_begins_idle_time_anew(sandbox: Sandbox, learner: User) -> None:
    sandbox.active_at = timezone.now() - timedelta(minutes=55)
    sandbox.save()
    assert async_to_sync(standing_of)(learner).told["idle_in"] <= 300
    async_to_sync(extend)(sandbox)
    assert async_to_sync(standing_of)(learner).told["idle_in"] > 3500


def test_the_button_is_answered_with_the_new_time_or_with_a_sentence(
    sandbox: Sandbox, signed_in: Client
) -> None:
    almost_over(sandbox)
    assert round(signed_in.post("/ja/sandboxes/extend/").json()["ends_in"] / 60) == 35
    almost_over(sandbox, used=300)
    refused = signed_in.post("/ja/sandboxes/extend/")
    assert refused.status_code == 409
    assert "延長" in refused.json()["message"]
    Sandbox.objects.update(state=State.GONE)
    assert signed_in.post("/ja/sandboxes/extend/").status_code == 404


def test_rows_of_a_month_ago_are_forgotten(learner: User) -> None:
    for days, state in ((29, State.GONE), (31, State.GONE), (31, State.FAILED)):
        ended = timezone.now() - timedelta(days=days)
        Sandbox.objects.create(owner=learner, state=state, ended_at=ended)
    long_running = Sandbox.objects.create(owner=learner, state=State.CLAIMED)
    Sandbox.objects.filter(pk=long_running.pk).update(created_at=timezone.now() - 1000 * HOUR)
    forget_old_rows()
    assert sorted(Sandbox.objects.values_list("state", flat=True)) == ["claimed", "gone"]


def test_guests_who_cannot_come_back_are_forgotten(learner: User) -> None:
    here, left, expired, young = Client(), Client(), Client(), Client()
    for client in (here, left, expired, young):
        client.post("/en/try/")
    guests = list(User.objects.filter(role=User.Role.GUEST).order_by("pk"))
    left.post("/en/sign-out/")
    session = expired.session
    session.set_expiry(-1)
    session.save()
    User.objects.exclude(pk=guests[3].pk).update(created_at=timezone.now() - 100 * HOUR)
    forget_guests()
    assert set(User.objects.filter(role=User.Role.GUEST)) == {guests[0], guests[3]}
    assert User.objects.filter(pk=learner.pk).exists()
