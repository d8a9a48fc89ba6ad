"""Recording an exercise: from a look at its author's own sandbox to a task of a draft."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from asgiref.sync import sync_to_async
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hakoniwa.accounts.models import User
from lessons.faults import LessonError
from lessons.models import Draft, Recording
from lessons.recording import QUESTION, edited_files, propose, question_beyond, solve_from
from lessons.recording.keeping import TooMuchThere, packed, unpacked
from lessons.setup import set_up
from sandbox import looks, typed
from sandbox.errors import EngineAnswerError, SandboxError
from sandbox.looking_inside import run_all
from sandbox.models import Sandbox
from sandbox.services import current_sandbox
from sandbox.typed import Typed
from sandbox.watching import look_at

from .reading import alesson_of

log = logging.getLogger(__name__)

MOST_FILES = 20
ENGINE_LOST = _("The engine in the sandbox does not answer.")
TOO_MUCH = _(
    "There is too much in this sandbox to compare. Take “Start afresh” above the terminal."
)
NOT_STARTED = _("Your sandbox has not started yet. Wait until the terminal says “Connected”.")
NOT_RECORDING = _("Nothing is being recorded: your sandbox ended meanwhile, or you began anew.")


class RecordingRefused(Exception):
    """Recording is not possible now; `sentence` says why, for the author."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def recording_of(author: User, draft: Draft) -> Recording | None:
    """The author's own; one that is not done is only good while its sandbox lives."""
    found = Recording.objects.filter(author=author, draft=draft).select_related("sandbox").first()
    if found is None or not (found.is_done or found.sandbox.state == Sandbox.State.CLAIMED):
        return None
    return found


async def begin(author: User, draft: Draft) -> None:
    """Look, and write down what is typed from now on; an earlier recording is gone.

    Raises RecordingRefused.
    """
    # What was never ended is of no use once its sandbox is gone.
    live = Q(sandbox__state=Sandbox.State.CLAIMED)
    await Recording.objects.exclude(live | Q(before=b"")).adelete()
    sandbox = await current_sandbox(author)
    if sandbox is None:
        raise RecordingRefused(NOT_STARTED)
    with _refusing():
        await _prepare(sandbox, draft)
        before = packed(await look_at(sandbox, QUESTION))
        await typed.listen(sandbox)
    fields = {"draft": draft, "sandbox": sandbox, "before": before, "proposals": [], "script": ""}
    await Recording.objects.aupdate_or_create(author=author, defaults=fields)


async def end(author: User, draft: Draft) -> None:
    """Look again, and propose. Raises RecordingRefused."""
    recording = await sync_to_async(recording_of)(author, draft)
    if recording is None or recording.is_done:
        raise RecordingRefused(NOT_RECORDING)
    sandbox, before = recording.sandbox, unpacked(bytes(recording.before))
    with _refusing():
        commands = await typed.what_was_typed(sandbox)
        after = await look_at(sandbox, QUESTION)
        if (more := question_beyond(before, after)) != QUESTION:
            after = await look_at(sandbox, more)
        files = await _files(sandbox, commands)
    recording.before = b""
    recording.proposals = propose(before, after)
    recording.script = solve_from(commands, files)
    await recording.asave()


async def _prepare(sandbox: Sandbox, draft: Draft) -> None:
    """As learners will find it. Raises SandboxError."""
    try:
        lesson = await alesson_of(draft)
    except LessonError:
        return  # the author will hear of that elsewhere
    await set_up(sandbox, lesson)


async def _files(sandbox: Sandbox, commands: list[Typed]) -> dict[str, str]:
    """What was written in an editor, as it is now. Raises SandboxError."""
    paths = edited_files(commands)[:MOST_FILES]
    asked = {path: looks.file_command(path) for path in paths}
    ran = await run_all(sandbox, asked.values()) if asked else {}
    ended = {path: ran[command] for path, command in asked.items() if command in ran}
    return {path: one.output for path, one in ended.items() if one.exit_code == 0}


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except SandboxError as error:
        log.info("a recording: %s", error)
        raise RecordingRefused(error.sentence) from None
    except EngineAnswerError as error:
        log.info("a recording: %s", error)
        raise RecordingRefused(ENGINE_LOST) from None
    except TooMuchThere:
        raise RecordingRefused(TOO_MUCH) from None
