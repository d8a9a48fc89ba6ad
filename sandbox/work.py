"""A learner's ~/work outlives their sandbox: saved now and then and before its end, restored into
the next one.

`hakoniwa-work` in the image packs and unpacks. The learner may have replaced it, so an archive is
opaque here: bounded, kept, handed back to a sandbox of the same learner, never opened.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from datetime import timedelta

from django.conf import settings
from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from hakoniwa.accounts.models import User

from .errors import SandboxError, SandboxGone
from .file_errors import FileRefused
from .lifecycle import State
from .models import Sandbox, SavedWork
from .student_command import (
    Outgoing,
    exit_code,
    outgoing_command,
    read_at_most,
    student_command,
)

log = logging.getLogger(__name__)
Problem = SavedWork.Problem

MOST_ENTRIES = 20_000
# What an archive may hold unpacked, as a multiple of its own limit: text packs well.
UNPACKED = 10
SAVE_SECONDS = 20.0
RESTORE_SECONDS = 30.0
PIECE = 1024 * 1024
# Exit codes of `hakoniwa-work`.
UNCHANGED = 3
PROBLEMS = {4: Problem.TOO_MANY, 5: Problem.TOO_LARGE}
FINGERPRINT = re.compile(rb"[0-9a-f]{64}")
# Each holds a whole archive in memory.
_room_for_saves = asyncio.Semaphore(2)


async def save(sandbox: Sandbox) -> None:
    """Keep what is in ~/work, if that has changed.

    Whatever goes wrong, nothing is raised and what was saved before stays.
    """
    if sandbox.state != State.CLAIMED or sandbox.owner_id is None:
        return
    saved = await _row_of(sandbox)
    if saved is None:
        log.warning("sandbox %s never got its learner's work: it is not saved", sandbox.pk)
        await SavedWork.objects.filter(pk=sandbox.owner_id).aupdate(tried_at=timezone.now())
        return
    try:
        async with _room_for_saves:
            changes = await _packed(sandbox, saved.fingerprint)
    except SandboxError as error:
        log.warning("the work in sandbox %s was not saved: %s", sandbox.pk, error)
        changes = {}
    await _mine(saved).aupdate(tried_at=timezone.now(), **changes)


async def restore(sandbox: Sandbox) -> None:
    """Put the learner's saved work into a sandbox that is new to them, once.

    Where that fails nothing is raised: the sandbox is there without it, and what was saved stays.
    """
    saved = await SavedWork.objects.defer("archive").filter(pk=sandbox.owner_id).afirst()
    if saved is None or saved.sandbox_id == sandbox.pk:
        return
    try:
        if saved.size:
            await _unpack(saved, sandbox)
    except SandboxError as error:
        log.warning("the work of %s is not in sandbox %s: %s", saved.pk, sandbox.pk, error)
        await _mine(saved).aupdate(problem=Problem.NOT_RESTORED)
    else:
        await _mine(saved).aupdate(sandbox_id=sandbox.pk, problem=Problem.NONE)


async def archive_of(saved: SavedWork) -> AsyncIterator[bytes]:
    """The saved archive, piece by piece. Raises SandboxError where it is replaced meanwhile."""
    same = SavedWork.objects.filter(pk=saved.pk, fingerprint=saved.fingerprint)
    for start in range(1, saved.size + 1, PIECE):
        part = Substr("archive", start, PIECE, output_field=BinaryField())
        piece = await same.values_list(part, flat=True).afirst()
        if not piece:
            raise SandboxError(f"the saved work of {saved.pk} was replaced while it was read")
        yield bytes(piece)


async def export(learner: User) -> AsyncIterator[bytes]:
    """~/work as a .tar.gz: from the learner's sandbox, else as it was saved.

    Raises FileRefused where there is too much of it or none, SandboxError where the sandbox
    doesn't answer.
    """
    sandbox = await Sandbox.objects.filter(owner=learner, state=State.CLAIMED).afirst()
    if sandbox is not None:
        try:
            return await _export_from(sandbox)
        except SandboxGone:
            pass  # it has died without saying so: what was saved is left
    saved = await SavedWork.objects.defer("archive").filter(pk=learner.pk, size__gt=0).afirst()
    if saved is None:
        raise FileRefused("no-work")
    return archive_of(saved)


async def told(learner: User) -> dict[str, object]:
    """What the learner's page says of the last save."""
    saved = await SavedWork.objects.defer("archive").filter(pk=learner.pk).afirst()
    return {
        "saved_at": saved.saved_at.isoformat() if saved and saved.saved_at else None,
        "problem": saved.problem if saved else Problem.NONE,
        "most": settings.WORK_MAX,
        "days": settings.WORK_DAYS,
    }


def forget_old_work() -> None:
    """Remove what nobody has come back to for long."""
    before = timezone.now() - timedelta(days=settings.WORK_DAYS)
    SavedWork.objects.filter(tried_at__lt=before).delete()


async def _row_of(sandbox: Sandbox) -> SavedWork | None:
    """The learner's row, where this sandbox may write it."""
    rows = SavedWork.objects.defer("archive")
    saved, _new = await rows.aget_or_create(
        learner_id=sandbox.owner_id, defaults={"sandbox_id": sandbox.pk}
    )
    return saved if saved.sandbox_id == sandbox.pk else None


def _mine(saved: SavedWork) -> QuerySet[SavedWork]:
    """The row as long as no other sandbox has taken it over."""
    return SavedWork.objects.filter(pk=saved.pk, sandbox_id=saved.sandbox_id)


async def _packed(sandbox: Sandbox, known: str) -> dict[str, object]:
    """What changes in the row. Raises SandboxError."""
    limits = [str(MOST_ENTRIES), str(settings.WORK_MAX * UNPACKED)]
    command = ["hakoniwa-work", "save", known or "-", *limits]
    async with student_command(sandbox, *command, seconds=SAVE_SECONDS) as stream:
        content = await read_at_most(stream, settings.WORK_MAX)
        if content is None:
            return {"problem": Problem.TOO_LARGE}
        code = await exit_code(stream)
    if code in PROBLEMS:
        return {"problem": PROBLEMS[code]}
    now = {"saved_at": timezone.now(), "problem": Problem.NONE}
    if code == UNCHANGED:
        return now
    fingerprint, _line_feed, archive = content.partition(b"\n")
    if code != 0 or not FINGERPRINT.fullmatch(fingerprint):
        raise SandboxError(f"hakoniwa-work save answered {content[:40]!r} and {code}")
    found = {"fingerprint": fingerprint.decode(), "archive": archive, "size": len(archive)}
    return {**now, **found}


async def _export_from(sandbox: Sandbox) -> AsyncIterator[bytes]:
    most = settings.WORK_MAX * UNPACKED
    command = ["hakoniwa-work", "export", str(MOST_ENTRIES), str(most)]
    async with outgoing_command(sandbox, *command, seconds=SAVE_SECONDS) as stream:
        first = await stream.read()
        if not first:
            raise FileRefused(PROBLEMS.get(await exit_code(stream), "odd"))
    return Outgoing(stream, first, most).pieces()


async def _unpack(saved: SavedWork, sandbox: Sandbox) -> None:
    """Raises SandboxError."""
    command = ["hakoniwa-work", "restore", str(saved.size), str(settings.WORK_MAX * UNPACKED)]
    async with student_command(sandbox, *command, seconds=RESTORE_SECONDS) as stream:
        async for piece in archive_of(saved):
            await stream.write(piece)
        await read_at_most(stream, 0)
        if code := await exit_code(stream):
            raise SandboxError(f"hakoniwa-work restore ended with {code}")
