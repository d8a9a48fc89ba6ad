"""The live side of a lesson: look at the learner's engine, tick tasks, tell the page."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from hakoniwa.accounts.models import User
from sandbox.errors import EngineAnswerError, SandboxError
from sandbox.memory import is_short
from sandbox.models import Sandbox
from sandbox.services import current_sandbox
from sandbox.snapshot import Question, Ran, Snapshot
from sandbox.watching import look_at, watch

from . import document
from .catalogue import enrol, is_open_to, version_for
from .models import Enrolment, Lesson
from .pages import lesson_after, lesson_view, task_views
from .progress import passed_tasks, question_for, record_passes
from .quiz_progress import has_solved_quiz
from .setup import set_up

log = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 2.0
# An engine that fails again and again is asked less and less: each try costs others something.
TRY_AGAIN_AT_MOST_SECONDS = 60.0


class NoSuchPlace(Exception):
    """No lesson or step of that name."""


@dataclass(frozen=True)
class Place:
    """Where a learner is: in a step of their version of a lesson."""

    learner: User
    enrolment: Enrolment
    lesson: document.Lesson
    step: document.Step
    language: str


@dataclass(frozen=True)
class Live:
    """How the page's live channel is doing."""

    state: str  # watching, no-sandbox, setting-up, setup-failed or engine-lost
    message: str
    output: str = ""  # what a setup that failed printed


def place_of(learner: User, slug: str, step_id: str, language: str | None = None) -> Place:
    """Raises NoSuchPlace."""
    found = Lesson.objects.filter(slug=slug).first()
    if found is None or not is_open_to(found, learner):
        raise NoSuchPlace(slug)
    version = version_for(found, learner)
    lesson = version.content
    step = lesson.page(step_id)
    if step is None:
        raise NoSuchPlace(f"{slug}/{step_id}")
    language = language or translation.get_language() or "en"
    return Place(learner, enrol(learner, version), lesson, step, language)


async def look_once(place: Place) -> str:
    """One look at the learner's engine; the page's fragments."""
    sandbox = await current_sandbox(place.learner)
    if sandbox is None:
        return _status(place, "no-sandbox")
    try:
        ended = await set_up(sandbox, place.lesson)
        snapshot = await look_at(sandbox, await sync_to_async(_question)(place))
    except (EngineAnswerError, SandboxError) as error:
        log.warning("check of sandbox %s: %s", sandbox.pk, error)
        return _status(place, "engine-lost")
    fragments = await sync_to_async(_tick)(place, sandbox, snapshot)
    return "".join([*fragments.values(), _status_after(place, ended)])


async def follow(place: Place, wake: asyncio.Event, send: Callable[[str], Awaitable[None]]) -> None:
    """Keep the page up to date for as long as it is open.

    `wake` is set whenever something may have changed: typing, a new sandbox.
    """
    failures = 0
    while True:
        sandbox = await current_sandbox(place.learner)
        if sandbox is None:
            failures = 0
            await send(_status(place, "no-sandbox"))
            await wake.wait()
            wake.clear()
            continue
        try:
            await _follow_sandbox(place, sandbox, wake, send)
        except (EngineAnswerError, SandboxError) as error:
            log.info("lost sight of sandbox %s: %s", sandbox.pk, error)
            await send(_status(place, "engine-lost"))
            await _wait_before_next_try(wake, failures)
            failures += 1


async def _wait_before_next_try(wake: asyncio.Event, failures: int) -> None:
    """Longer each time, unless the learner types or starts afresh."""
    await asyncio.sleep(TRY_AGAIN_SECONDS)
    longer = min(TRY_AGAIN_SECONDS * (2**failures - 1), TRY_AGAIN_AT_MOST_SECONDS)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(longer):
            await wake.wait()


async def _follow_sandbox(
    place: Place, sandbox: Sandbox, wake: asyncio.Event, send: Callable[[str], Awaitable[None]]
) -> None:
    shown: dict[str, str] = {}
    if place.lesson.setup:
        await send(_status(place, "setting-up"))
    ended = await set_up(sandbox, place.lesson)
    async with watch(sandbox, wake) as watched:
        await send(_status_after(place, ended))
        async for _look in watched.looks():
            question = await sync_to_async(_question)(place)
            snapshot = await watched.snapshot(question)
            passed = await sync_to_async(record_passes)(place.enrolment, snapshot)
            if _question_after(place, passed).commands - question.commands:
                wake.set()  # a task has opened that needs another kind of look
            fragments = await sync_to_async(_fragments)(place, sandbox, passed, snapshot)
            changed = [html for key, html in fragments.items() if shown.get(key) != html]
            shown = fragments
            if changed:
                await send("".join(changed))


def _status_after(place: Place, setup: Ran) -> str:
    if setup.exit_code == 0:
        return _status(place, "watching")
    return _status(place, "setup-failed", setup.output.strip())


def _question(place: Place) -> Question:
    return _question_after(place, passed_tasks(place.enrolment))


def _question_after(place: Place, passed: set[str]) -> Question:
    """For all that is not passed: what is seen may open a task that waits, in the same look."""
    return question_for([task for task in place.lesson.tasks() if task.id not in passed], passed)


def _tick(place: Place, sandbox: Sandbox, snapshot: Snapshot) -> dict[str, str]:
    """Record what the snapshot shows to be done; the page's fragments."""
    return _fragments(place, sandbox, record_passes(place.enrolment, snapshot), snapshot)


def _fragments(
    place: Place, sandbox: Sandbox, passed: set[str], snapshot: Snapshot
) -> dict[str, str]:
    """What the page shows of it, each piece under its own key."""
    with translation.override(place.language):
        tasks = task_views(place.step.tasks, passed, snapshot)
        solved = has_solved_quiz(place.enrolment)
        lesson = lesson_view(place.enrolment.version, place.step, passed, solved)
        fragments: dict[str, str] = {
            task.id: render_to_string("lessons/_task.html", {"task": task, "oob": True})
            for task in tasks
        }
        around = {"lesson": lesson, "oob": True}
        fragments["lesson steps"] = render_to_string("lessons/_steps.html", around)
        short = {"short_of_memory": is_short(sandbox, place.lesson.memory), "oob": True}
        fragments["lesson memory"] = render_to_string("lessons/_memory.html", short)
        if lesson.finished:
            after = lesson_after(place.enrolment.version.lesson, place.learner)
            fragments["lesson finished"] = render_to_string(
                "lessons/_finished.html", around | {"next_lesson": after}
            )
    return fragments


def _status(place: Place, state: str, output: str = "") -> str:
    """The fragment that says how the live channel is doing."""
    with translation.override(place.language):
        message = {
            "watching": _("Your engine is being watched: tasks tick themselves off."),
            "setting-up": _("Your sandbox is being prepared for this lesson."),
            "setup-failed": _(
                "Your sandbox could not be prepared for this lesson, so some tasks may not work. "
                "Take “Start afresh” above the terminal; if it fails again, tell your instructor."
            ),
            "no-sandbox": _("Tasks tick themselves off once your sandbox has started."),
            "engine-lost": _(
                "Your engine does not answer. What you have passed is kept; this page goes on "
                "trying. If it lasts, take “Start afresh” above the terminal."
            ),
        }[state]
        live = Live(state, message, output)
        return render_to_string("lessons/_live_status.html", {"live": live, "oob": True})
