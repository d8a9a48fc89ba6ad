"""One sandbox in which a lesson's cases are tried, one after the other."""

import asyncio
from collections.abc import Callable

from django.utils.translation import gettext as _

from lessons.document import Hint, Lesson, Task
from lessons.progress import passing, question_for
from lessons.setup import set_up
from sandbox.author_script import run
from sandbox.models import Sandbox
from sandbox.snapshot import Ran, Snapshot
from sandbox.watching import look_at

from .cases import Case, Kind, Result, Verdict
from .traces import note_what_is_there, remove_what_is_new

SCRIPT_SECONDS = 120.0
# What a script has begun may take a moment longer than the script.
SETTLE_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 0.2


class Stage:
    """Everything here raises SandboxError or EngineAnswerError where the sandbox is lost."""

    def __init__(self, lesson: Lesson, sandbox: Sandbox) -> None:
        self._lesson = lesson
        self._tasks = {task.id: task for task in lesson.tasks()}
        self._sandbox = sandbox
        self._passed: set[str] = set()
        self._at_the_start: Snapshot | None = None

    async def play(self, case: Case) -> Result:
        match case.kind:
            case Kind.SETUP:
                return _of_script(case, await set_up(self._sandbox, self._lesson))
            case Kind.START:
                return await self._start(case)
            case Kind.WRONG:
                return await self._attempt(case, self._tasks[case.task])
        return await self._solve(case, self._tasks[case.task])

    async def _start(self, case: Case) -> Result:
        """One look for all tasks."""
        tasks = [*self._tasks.values()]
        if self._at_the_start is None:
            self._at_the_start = await look_at(self._sandbox, question_for(tasks))
        if case.task not in passing(tasks, (), self._at_the_start):
            return Result(case, Verdict.PROVEN)
        seen = self._tasks[case.task].check.evaluate(self._at_the_start).seen
        return Result(case, Verdict.FAILED, _("It has passed already: %(seen)s") % {"seen": seen})

    async def _solve(self, case: Case, task: Task) -> Result:
        if not task.solve:
            return Result(case, Verdict.FAILED, _("No `solve` is written for it."))
        ended = await run(self._sandbox, task.solve, SCRIPT_SECONDS)
        snapshot = await self._look_until(task, lambda seen: task.id in self._passing(seen))
        now = self._passing(snapshot)
        # Ahead of its turn nothing counts as passed where attempts go wrong on purpose.
        self._passed = now if case.kind is Kind.SOLVE else self._passed | (now & {task.id})
        if task.id in now:
            return Result(case, Verdict.PROVEN)
        outcome = task.check.evaluate(snapshot)
        words = _("Seen: %(seen)s Expected: %(expected)s") % vars(outcome)
        return Result(case, Verdict.FAILED, _too_long(ended) + words, ended.output)

    async def _attempt(self, case: Case, task: Task) -> Result:
        wrong = task.wrong[case.number - 1]
        await note_what_is_there(self._sandbox)
        ended = await run(self._sandbox, wrong.do, SCRIPT_SECONDS)
        snapshot = await self._look_until(
            task, lambda seen: self._passes(task, seen) or _gets(task, wrong.hint, seen)
        )
        await remove_what_is_new(self._sandbox)
        seen = task.check.evaluate(snapshot).seen
        if self._passes(task, snapshot):
            words = _("It passes: %(seen)s") % {"seen": seen}
        elif _gets(task, wrong.hint, snapshot):
            return Result(case, Verdict.PROVEN)
        else:
            offered = task.hint_for(snapshot)
            values = {"wanted": wrong.hint, "offered": _named(offered), "seen": seen}
            words = _("Not the hint `%(wanted)s` but %(offered)s. Seen: %(seen)s") % values
        return Result(case, Verdict.FAILED, _too_long(ended) + words, ended.output)

    def _passes(self, task: Task, snapshot: Snapshot) -> bool:
        return task.id in passing([task], self._passed, snapshot)

    def _passing(self, snapshot: Snapshot) -> set[str]:
        return passing([*self._tasks.values()], self._passed, snapshot)

    async def _look_until(self, task: Task, enough: Callable[[Snapshot], bool]) -> Snapshot:
        """The first snapshot that is enough, else the last within SETTLE_SECONDS."""
        loop = asyncio.get_running_loop()
        end = loop.time() + SETTLE_SECONDS
        question = question_for(self._tasks.values(), self._passed) | question_for([task])
        while True:
            snapshot = await look_at(self._sandbox, question)
            if enough(snapshot) or loop.time() > end:
                return snapshot
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _gets(task: Task, hint: str, snapshot: Snapshot) -> bool:
    offered = task.hint_for(snapshot)
    return offered is not None and offered.id == hint


def _of_script(case: Case, ended: Ran) -> Result:
    if ended.exit_code == 0:
        return Result(case, Verdict.PROVEN)
    words = _too_long(ended) or _("The script ended with %(code)s.") % {"code": ended.exit_code}
    return Result(case, Verdict.FAILED, words.strip(), ended.output)


def _too_long(ended: Ran) -> str:
    return _("The script took too long. ") if ended.took_too_long else ""


def _named(hint: Hint | None) -> str:
    """By which its author finds it."""
    if hint is None:
        return _("none")
    return f"`{hint.id}`" if hint.id else f"“{hint.text}”"
