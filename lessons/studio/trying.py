"""What a lesson's tasks say of the author's own sandbox while the lesson is being written."""

from dataclasses import dataclass

from lessons.document import Lesson
from lessons.markdown import render_line
from lessons.progress import question_for
from lessons.setup import set_up
from sandbox.models import Sandbox
from sandbox.watching import look_at


@dataclass(frozen=True)
class Tried:
    """A task as it stands, whatever it needs before it."""

    title: str
    passed: bool
    seen: str
    expected: str
    hint: str


async def try_tasks(sandbox: Sandbox, lesson: Lesson) -> list[Tried]:
    """Every task, in the active language. Raises SandboxError, EngineAnswerError."""
    await set_up(sandbox, lesson)
    tasks = [*lesson.tasks()]
    snapshot = await look_at(sandbox, question_for(tasks))
    tried = []
    for task in tasks:
        outcome, hint = task.check.evaluate(snapshot), task.hint_for(snapshot)
        words = render_line(str(hint.text)) if hint else ""
        title = render_line(str(task.title))
        tried.append(Tried(title, outcome.passed, outcome.seen, outcome.expected, words))
    return tried
