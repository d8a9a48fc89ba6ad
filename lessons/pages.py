"""What the pages show of lessons and progress, in the active language."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hakoniwa.accounts.models import User
from sandbox.preload import asking
from sandbox.snapshot import Snapshot

from . import document
from .catalogue import enrol, versions_for
from .document import CLOSING, Step, Task
from .glossary import TermLink, is_linked
from .markdown import render_line, render_step
from .models import Lesson, LessonVersion, TaskPass
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
    prerequisites: tuple[str, ...]
    withdrawn: bool = False
    # Those of them that the site has, in a list of lessons.
    after: list["LessonCard"] = field(default_factory=list)

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
class TermView:
    """A term of the glossary; `other` is what it is called in the other language."""

    number: int
    words: str
    other: str
    meaning_html: SafeString


@dataclass(frozen=True)
class StepView:
    """The step that the page is about."""

    id: str
    number: int
    title: str
    html: SafeString
    terms: list[TermView]
    tasks: list[TaskView]


@dataclass(frozen=True)
class IntroView:
    """What stands above a lesson's first step."""

    goals: list[SafeString]
    after: list[LessonCard]


@dataclass(frozen=True)
class LessonView:
    slug: str
    title: str
    minutes: int
    steps: list[StepLink]
    finished: bool
    # The page that closes the lesson, where that is still to come.
    closing: StepLink | None


def lesson_cards(learner: User | None) -> list[LessonCard]:
    """Every lesson of the site, in order; what is withdrawn, for whoever is in the middle of it."""
    found = _cards(Lesson.objects.all(), learner)
    cards = {card.slug: card for card in found if not card.withdrawn or card.state == "started"}
    return [
        replace(card, after=[cards[slug] for slug in card.prerequisites if slug in cards])
        for card in cards.values()
    ]


def intro_view(version: LessonVersion, learner: User | None) -> IntroView:
    """What is learned, and which lessons of the site come before."""
    goals = [render_line(str(goal)) for goal in version.content.goals]
    before = Lesson.objects.offered().filter(slug__in=version.content.prerequisites)
    return IntroView(goals, _cards(before, learner))


def lesson_to_continue(cards: list[LessonCard]) -> LessonCard | None:
    """The lesson that the learner is in the middle of, if there is one."""
    return next((card for card in cards if card.state == "started"), None)


def lesson_after(lesson: Lesson, learner: User | None) -> LessonCard | None:
    """The lesson to go on with."""
    later = Q(position__gt=lesson.position) | Q(position=lesson.position, slug__gt=lesson.slug)
    cards = _cards(Lesson.objects.offered().filter(later)[:1], learner)
    return cards[0] if cards else None


def passed_in(version: LessonVersion, learner: User | None) -> set[str]:
    return passed_tasks(enrol(learner, version)) if learner is not None else set()


def step_to_go_on_with(version: LessonVersion, passed: Collection[str]) -> Step:
    """The first step with an open task; at the very beginning, or the end, the first one."""
    steps = version.content.steps
    if not passed:
        return steps[0]  # there may be something to read before
    unfinished = (s for s in steps if any(task.id not in passed for task in s.tasks))
    return next(unfinished, steps[0])


def lesson_view(
    version: LessonVersion, current: Step, passed: Collection[str], quiz_solved: bool = False
) -> LessonView:
    content = version.content
    links = [
        StepLink(
            id=step.id,
            title=str(step.title),
            number=number,
            url=reverse("step", args=[content.slug, step.id]),
            done=_is_done(step, passed, quiz_solved),
            current=step.id == current.id,
        )
        for number, step in enumerate(content.pages(), start=1)
    ]
    finished = all(task.id in passed for task in content.tasks())
    closes = content.pages()[-1] is CLOSING and current is not CLOSING
    to_come = links[-1] if closes else None
    return LessonView(content.slug, str(content.title), content.minutes, links, finished, to_come)


def _is_done(step: Step, passed: Collection[str], quiz_solved: bool) -> bool:
    if step is CLOSING:
        return quiz_solved
    return bool(step.tasks) and all(task.id in passed for task in step.tasks)


def terminal_addresses(images: Collection[str], memory: int) -> dict[str, str]:
    """Where a page with a terminal asks for a sandbox that has these images, and so many bytes."""
    return {
        "claim_url": asking(reverse("claim-sandbox"), images, memory),
        "afresh_url": asking(reverse("start-afresh"), images, memory),
        "extend_url": reverse("extend-sandbox"),
        "standing_url": f"/ws/{get_language()}/sandbox/",
    }


def step_view(version: LessonVersion, step: Step, passed: Collection[str]) -> StepView:
    language = get_language() or settings.LANGUAGE_CODE
    text = "" if step is CLOSING else version.text(step.id, language)
    terms = _terms(version.content, language)
    links = tuple(TermLink(term.words, term.number) for term in terms)
    html = render_step(text, language, _pictures(version), links)
    return StepView(
        id=step.id,
        number=version.content.pages().index(step) + 1,
        title=str(step.title),
        html=html,
        terms=[term for term in terms if step is CLOSING or is_linked(term.number, html)],
        tasks=task_views(step.tasks, passed, None),
    )


def _terms(lesson: document.Lesson, language: str) -> list[TermView]:
    return [
        TermView(
            number=number,
            words=str(one.term),
            other=one.term.en if language == "ja" else one.term.ja,
            meaning_html=render_line(str(one.meaning)),
        )
        for number, one in enumerate(lesson.glossary, start=1)
    ]


def _pictures(version: LessonVersion) -> tuple[Picture, ...]:
    return tuple(
        Picture(path, _address_of(version, path, facts["sha256"]), facts["width"], facts["height"])
        for path, facts in version.document.get("pictures", {}).items()
    )


def _address_of(version: LessonVersion, path: str, sha256: str) -> str:
    """Names the content too: another site at the same address may have had such a version."""
    name = path.removeprefix("images/")
    address = reverse("lesson-picture", args=[version.content.slug, version.number, name])
    return f"{address}?{sha256[:12]}"


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


def _cards(lessons: QuerySet[Lesson], learner: User | None) -> list[LessonCard]:
    versions = versions_for(lessons, learner)
    passed: defaultdict[int, set[str]] = defaultdict(set)
    if learner is not None:
        passes = TaskPass.objects.filter(
            enrolment__learner=learner, enrolment__version__in=versions
        )
        for version_id, task in passes.values_list("enrolment__version", "task"):
            passed[version_id].add(task)
    return [_card(version, passed[version.pk]) for version in versions]


def _card(version: LessonVersion, passed: Collection[str]) -> LessonCard:
    content = version.content
    tasks = [task.id for task in content.tasks()]
    return LessonCard(
        slug=version.lesson.slug,
        title=str(content.title),
        summary=str(content.summary),
        minutes=content.minutes,
        done=sum(task in passed for task in tasks),
        total=len(tasks),
        url=reverse("lesson", args=[version.lesson.slug]),
        prerequisites=content.prerequisites,
        withdrawn=version.lesson.withdrawn_at is not None,
    )
