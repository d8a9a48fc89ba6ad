"""What the pages show of lessons and progress, in the active language."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hakoniwa.accounts.models import User
from sandbox.snapshot import Snapshot

from .catalogue import enrol, version_for
from .document import Step, Task
from .markdown import render_line, render_step
from .models import Lesson, LessonVersion
from .pictures import Picture
from .progress import passed_tasks, question_for


@dataclass(frozen=True)
class LessonCard:
    """A lesson in a list, with the learner's progress."""

    slug: str
    title: str
    summary: str
    minutes: int
    done: int
    total: int
    url: str

    @property
    def state(self) -> str:
        """new, started or finished."""
        if self.done == 0:
            return "new"
        return "finished" if self.done == self.total else "started"


@dataclass(frozen=True)
class TaskView:
    """A task as a page shows it."""

    id: str
    number: int
    title_html: SafeString
    state: str  # passed, open or waiting
    seen: str = ""
    expected: str = ""
    hint_html: str = ""


@dataclass(frozen=True)
class StepLink:
    """A step in the lesson's own navigation."""

    id: str
    title: str
    number: int
    url: str
    done: bool
    current: bool


@dataclass(frozen=True)
class StepView:
    """The step that the page is about."""

    id: str
    number: int
    title: str
    html: SafeString
    tasks: list[TaskView]


@dataclass(frozen=True)
class LessonView:
    slug: str
    title: str
    minutes: int
    steps: list[StepLink]
    finished: bool


def lesson_cards(learner: User | None) -> list[LessonCard]:
    """Every lesson of the site, in order."""
    return [_card(lesson, learner) for lesson in Lesson.objects.all()]


def lesson_to_continue(cards: list[LessonCard]) -> LessonCard | None:
    """The lesson that the learner is in the middle of, if there is one."""
    return next((card for card in cards if card.state == "started"), None)


def lesson_after(lesson: Lesson, learner: User | None) -> LessonCard | None:
    """The lesson to go on with."""
    lessons = list(Lesson.objects.all())
    position = lessons.index(lesson)
    return _card(lessons[position + 1], learner) if position + 1 < len(lessons) else None


def passed_in(version: LessonVersion, learner: User | None) -> set[str]:
    return passed_tasks(enrol(learner, version)) if learner is not None else set()


def step_to_go_on_with(version: LessonVersion, passed: Collection[str]) -> Step:
    """The first step with an open task, else the first one."""
    steps = version.content.steps
    unfinished = (s for s in steps if any(task.id not in passed for task in s.tasks))
    return next(unfinished, steps[0])


def lesson_view(version: LessonVersion, current: Step, passed: Collection[str]) -> LessonView:
    content = version.content
    links = [
        StepLink(
            id=step.id,
            title=str(step.title),
            number=number,
            url=reverse("step", args=[content.slug, step.id]),
            done=bool(step.tasks) and all(task.id in passed for task in step.tasks),
            current=step.id == current.id,
        )
        for number, step in enumerate(content.steps, start=1)
    ]
    finished = all(task.id in passed for task in content.tasks())
    return LessonView(content.slug, str(content.title), content.minutes, links, finished)


def step_view(version: LessonVersion, step: Step, passed: Collection[str]) -> StepView:
    language = get_language() or settings.LANGUAGE_CODE
    return StepView(
        id=step.id,
        number=version.content.steps.index(step) + 1,
        title=str(step.title),
        html=render_step(version.text(step.id, language), language, _pictures(version)),
        tasks=task_views(step.tasks, passed, None),
    )


def _pictures(version: LessonVersion) -> tuple[Picture, ...]:
    slug, number = version.content.slug, version.number
    return tuple(
        Picture(
            path,
            reverse("lesson-picture", args=[slug, number, path.removeprefix("images/")]),
            picture["width"],
            picture["height"],
        )
        for path, picture in version.document.get("pictures", {}).items()
    )


def task_views(
    tasks: Collection[Task], passed: Collection[str], snapshot: Snapshot | None
) -> list[TaskView]:
    """The tasks of a step; without a snapshot nothing is said of the engine."""
    return [
        _task_view(number, task, passed, snapshot) for number, task in enumerate(tasks, start=1)
    ]


def _task_view(
    number: int, task: Task, passed: Collection[str], snapshot: Snapshot | None
) -> TaskView:
    title = render_line(str(task.title))
    if task.id in passed:
        return TaskView(task.id, number, title, "passed")
    if any(need not in passed for need in task.needs):
        return TaskView(task.id, number, title, "waiting")
    if snapshot is None or not snapshot.has_run(question_for([task]).commands):
        return TaskView(task.id, number, title, "open")
    outcome = task.check.evaluate(snapshot)
    hint = task.hint_for(snapshot)
    return TaskView(
        task.id,
        number,
        title,
        "open",
        seen=outcome.seen,
        expected=outcome.expected,
        hint_html=render_line(str(hint.text)) if hint else "",
    )


def _card(lesson: Lesson, learner: User | None) -> LessonCard:
    version = version_for(lesson, learner)
    content = version.content
    passed: set[str] = set()
    if learner is not None:
        enrolment = version.enrolment_set.filter(learner=learner).first()
        passed = passed_tasks(enrolment) if enrolment else set()
    tasks = [task.id for task in content.tasks()]
    return LessonCard(
        slug=lesson.slug,
        title=str(content.title),
        summary=str(content.summary),
        minutes=content.minutes,
        done=len(passed.intersection(tasks)),
        total=len(tasks),
        url=reverse("lesson", args=[lesson.slug]),
    )
