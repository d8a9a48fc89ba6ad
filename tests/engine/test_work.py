"""A learner's ~/work outlives their sandbox; what was saved once is never lost by a later try."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone
from docker import APIClient
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import User
from hakoniwa.accounts.sessions import guest_left
from sandbox import containers, services, work
from sandbox.keeping import SAVE_EVERY, keep_once, save_work
from sandbox.models import Sandbox, SavedWork

from .conftest import Sandbox as Shell
from .test_lifecycle import Killable, killable

__all__ = ["killable"]
pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[..., str]


@pytest.fixture(autouse=True)
def site(settings: Settings, engine: APIClient) -> Iterator[None]:
    settings.SANDBOX_SITE = f"{settings.SANDBOX_SITE}-work"
    yield
    for container in containers.containers_of_this_site():
        containers.remove_container(container)


def claim(learner: User) -> Sandbox:
    return async_to_sync(services.claim)(learner)


def save(sandbox: Sandbox) -> SavedWork:
    async_to_sync(work.save)(sandbox)
    return SavedWork.objects.get(learner=sandbox.owner)


def replace(sandbox: Sandbox, program: str, text: str) -> None:
    """As a learner does who wants to see what happens."""
    shell = Shell(settings.SANDBOX_ENGINE, sandbox.container)
    shell.run("tee", f"/usr/local/bin/{program}", user="root", typed=text)
    shell.shell(f"chmod 755 /usr/local/bin/{program}", user="root")


MADE = (
    "mkdir -p アプリ/空 && cd アプリ && echo FROM ubuntu > Dockerfile && chmod 750 Dockerfile"
    " && ln -s Dockerfile link && ln -s /etc/shadow elsewhere && mkfifo pipe"
    " && echo x > \"a 'b' $(printf '\\n')c\" && truncate -s 1T hole"
)
LOOK = (
    "cd アプリ && find . -printf '%y %m %l %p\\n' | LC_ALL=C sort && cat Dockerfile"
    " && stat -c %s hole"
)


def test_the_next_sandbox_has_the_files_of_the_last(learner: User, run: Run) -> None:
    first = claim(learner)
    run(first.container, MADE)
    before = run(first.container, LOOK)
    second = async_to_sync(services.start_afresh)(learner)
    assert second.pk != first.pk
    after = run(second.container, LOOK)
    assert after == "\n".join(line for line in before.splitlines() if not line.startswith("p "))
    assert run(second.container, "find ~/work ! -user student") == ""


def test_the_end_of_time_saves(learner: User, run: Run) -> None:
    first = claim(learner)
    run(first.container, "echo kept > note")
    Sandbox.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    keep_once()
    assert run(claim(learner).container, "cat note") == "kept"


def test_a_sandbox_that_is_killed_loses_minutes_only(learner: User, run: Run) -> None:
    first = claim(learner)
    run(first.container, "echo kept > note")
    save_work()
    assert not SavedWork.objects.exists(), "it has only begun"
    Sandbox.objects.update(claimed_at=timezone.now() - SAVE_EVERY)
    save_work()
    containers.remove_container(first.container)
    assert run(claim(learner).container, "cat note") == "kept"


def test_what_has_not_changed_is_not_written_again(learner: User, run: Run) -> None:
    sandbox = claim(learner)
    run(sandbox.container, "echo kept > note")
    first = save(sandbox)
    SavedWork.objects.update(archive=b"as it was")
    assert bytes(save(sandbox).archive or b"") == b"as it was"
    run(sandbox.container, "echo more > note")
    second = save(sandbox)
    assert bytes(second.archive or b"") != b"as it was"
    assert second.saved_at is not None
    assert second.saved_at > (first.saved_at or second.saved_at)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("head -c 60000 /dev/urandom > big", "too-large"),
        ("head -c 700000 /dev/zero > big", "too-large"),
        ("mkdir many && cd many && seq 20001 | xargs touch", "too-many"),
    ],
    ids=["packed", "unpacked", "entries"],
)
def test_too_much_is_told_and_the_last_good_save_stays(
    learner: User, run: Run, settings: Settings, line: str, problem: str
) -> None:
    settings.WORK_MAX = 50_000
    sandbox = claim(learner)
    run(sandbox.container, "echo kept > note")
    good = save(sandbox)
    run(sandbox.container, line)
    bad = save(sandbox)
    assert bad.problem == problem
    assert bytes(bad.archive or b"") == bytes(good.archive or b"")
    run(sandbox.container, "rm -r big many 2> /dev/null || true")
    assert save(sandbox).problem == ""


@pytest.mark.parametrize(
    ("program", "text"),
    [
        ("hakoniwa-work", "#!/bin/sh\nsleep 600\n"),
        ("hakoniwa-work", "#!/bin/sh\ncat /dev/zero\n"),
        ("hakoniwa-work", "#!/bin/sh\ncat /dev/zero >&2\n"),
        ("hakoniwa-work", "#!/bin/sh\necho ../../etc/passwd\n"),
        ("hakoniwa-work", "#!/bin/sh\nexit 7\n"),
        ("tar", "#!/bin/sh\nsleep 600\n"),
    ],
    ids=["silent", "flood", "flood of errors", "no fingerprint", "fails", "tar"],
)
def test_a_replaced_program_costs_its_owner_the_save_only(
    learner: User, run: Run, monkeypatch: pytest.MonkeyPatch, program: str, text: str
) -> None:
    sandbox = claim(learner)
    run(sandbox.container, "echo kept > note")
    assert save(sandbox).saved_at
    run(sandbox.container, "echo changed > note")
    monkeypatch.setattr(work, "SAVE_SECONDS", 2)
    replace(sandbox, program, text)
    fresh = async_to_sync(services.start_afresh)(learner)
    assert run(fresh.container, "cat note") == "kept"


def test_an_archive_made_by_hand_reaches_nothing_but_its_owners_sandbox(
    learner: User, run: Run
) -> None:
    sandbox = claim(learner)
    evil = (
        "#!/bin/sh\nprintf '%064d\\n' 7\ncd /tmp; echo evil > evil; echo good > good\n"
        "tar -czPf - --transform 's,^evil$,../../../../etc/evil,' evil good\n"
    )
    replace(sandbox, "hakoniwa-work", evil)
    save(sandbox)
    fresh = async_to_sync(services.start_afresh)(learner)
    assert run(fresh.container, "ls /etc/evil /evil 2> /dev/null || echo none") == "none"


def test_a_save_that_does_not_unpack_stays_and_is_told(learner: User, run: Run) -> None:
    SavedWork.objects.create(learner=learner, archive=b"no archive", size=10, fingerprint="f" * 64)
    sandbox = claim(learner)
    run(sandbox.container, "echo new > note")
    saved = save(sandbox)
    assert (bytes(saved.archive or b""), saved.problem) == (b"no archive", "not-restored")


def test_a_second_restore_touches_nothing(learner: User, run: Run) -> None:
    first = claim(learner)
    run(first.container, "echo old > note")
    second = async_to_sync(services.start_afresh)(learner)
    run(second.container, "echo new > note")
    SavedWork.objects.update(sandbox_id=first.pk)  # as after a kill before it was written down
    assert run(claim(learner).container, "cat note") == "new"


def test_saves_have_an_end(learner: User, settings: Settings) -> None:
    guest = User.objects.create(username="guest:1", name="Guest")
    for user in (learner, guest):
        SavedWork.objects.create(learner=user, archive=b"x", size=1)
    guest_left.send(sender=User, guest=guest)
    assert [saved.learner for saved in SavedWork.objects.all()] == [learner]
    SavedWork.objects.update(tried_at=timezone.now() - timedelta(days=settings.WORK_DAYS + 1))
    work.forget_old_work()
    assert not SavedWork.objects.exists()
    SavedWork.objects.create(learner=learner, archive=b"x", size=1)
    learner.delete()
    assert not SavedWork.objects.exists()


@pytest.mark.parametrize("where", ["read_at_most", "_unpack", "archive_of"])
def test_killed_in_the_middle_neither_save_nor_sandbox_is_lost(
    killable: Killable, where: str
) -> None:
    """Of a save, before a restore, and half-way through one."""
    assert killable.program("killed_work.py", where).returncode == -9
    looked = killable.program("killed_work.py", "look")
    assert looked.stdout.split() == ["second", "3000000"], looked.stderr
