"""What was recorded as a task: shown as YAML, and put into the draft."""

from collections.abc import Collection
from typing import Any

from hakoniwa.accounts.models import User
from lessons import placeholders
from lessons.loader import LESSON
from lessons.models import Draft, Recording
from lessons.recording.adding import NoPlace, ids_in, steps_in, with_task

from .drafts import save

ID = "recorded"


def steps_of(draft: Draft) -> list[str]:
    """The ids of the steps that a task may be put into; none where `lesson.yml` can't be read."""
    return steps_in(_text(draft))


def task_of(draft: Draft, recording: Recording, chosen: Collection[int]) -> dict[str, Any]:
    """As it stands in `lesson.yml`, with the proposals of these numbers."""
    checks = [check for number, check in enumerate(recording.proposals) if number in chosen]
    task: dict[str, Any] = {"id": _free_id(_text(draft)), "title": placeholders.TASK}
    if checks:
        task["check"] = checks[0] if len(checks) == 1 else {"all": checks}
    if recording.script:
        task["solve"] = recording.script
    return task


def add(draft: Draft, step: str, task: dict[str, Any], author: User) -> None:
    """The task as the last one of its step, in a new revision of `lesson.yml`.

    Raises NoPlace, or Conflict where somebody saved that file this very moment.
    """
    file = draft.files.filter(path=LESSON).first()
    if file is None:
        raise NoPlace(f"no {LESSON}")
    new = with_task(bytes(file.content).decode(errors="replace"), step, task)
    save(draft, LESSON, new.encode(), file.revision, author)


def _text(draft: Draft) -> str:
    file = draft.files.filter(path=LESSON).first()
    return bytes(file.content).decode(errors="replace") if file else ""


def _free_id(text: str) -> str:
    taken = ids_in(text)
    return next(
        name
        for number in range(1, len(taken) + 2)
        if (name := ID if number == 1 else f"{ID}-{number}") not in taken
    )
