"""What a lesson is made of, as an author writes it in `lesson.yml` and the steps' Markdown.

The written form is described in docs/authoring/lesson-format.md.
"""

from collections.abc import Collection, Iterator
from typing import Annotated, Self

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints, model_validator

from sandbox.capacity import size_in_bytes
from sandbox.image_set import image_set
from sandbox.snapshot import Image, Snapshot, full_reference

from .bilingual import Bilingual, Part
from .checks import WrittenCheck
from .faults import Misplaced
from .glossary import Term
from .names import Address, Memory, Slug, VariableName
from .quiz import QuizQuestion
from .variables import LONGEST_VALUE

MOST_STEPS = 50
Value = Annotated[str, StringConstraints(max_length=LONGEST_VALUE)] | int
# Bash that runs in a sandbox.
Script = Annotated[str, StringConstraints(max_length=10_000)]


class Hint(Part):
    text: Bilingual
    when: WrittenCheck | None = None
    # By which a wrong attempt names it.
    id: Slug | None = None


class Wrong(Part):
    """Something else that a learner might do, and the hint that then helps."""

    do: Script = Field(min_length=1)
    hint: Slug


class Task(Part):
    id: Slug
    title: Bilingual
    check: WrittenCheck
    needs: tuple[Slug, ...] = ()
    hints: tuple[Hint, ...] = Field(default=(), max_length=20)
    solve: Script = ""
    wrong: tuple[Wrong, ...] = Field(default=(), max_length=20)

    def hint_for(self, snapshot: Snapshot) -> Hint | None:
        """The first hint that matches what the learner's engine looks like."""
        for hint in self.hints:
            if hint.when is None or hint.when.evaluate(snapshot).passed:
                return hint
        return None

    @model_validator(mode="after")
    def _wrong_attempts_name_a_hint(self) -> Self:
        names: set[str] = set()
        for index, hint in enumerate(self.hints):
            if hint.id in names:
                words = _("Two hints are called `%(name)s`.") % {"name": hint.id}
                raise Misplaced(words, "hints", index, "id")
            names |= {hint.id} if hint.id else set()
        for index, wrong in enumerate(self.wrong):
            if wrong.hint not in names:
                words = _("No hint of this task is called `%(name)s`.") % {"name": wrong.hint}
                raise Misplaced(words, "wrong", index, "hint")
        return self


class Step(Part):
    id: Slug
    title: Bilingual
    tasks: tuple[Task, ...] = Field(default=(), max_length=30)
    quiz: tuple[QuizQuestion, ...] = Field(default=(), max_length=10)


class Size(Part):
    """What a sandbox of this lesson needs more of than others."""

    memory: Memory


class Reading(Part):
    """A page elsewhere, for whoever wants to know more."""

    title: Bilingual
    url: Address


# Comes after the steps where a lesson has a recap, a quiz or further reading.
CLOSING = Step(id="closing", title=Bilingual(ja="まとめ", en="Wrapping up"))


class Lesson(Part):
    slug: Slug
    position: int
    title: Bilingual
    summary: Bilingual
    minutes: int = Field(gt=0, le=600)
    goals: tuple[Bilingual, ...] = Field(default=(), max_length=12)
    prerequisites: tuple[Slug, ...] = Field(default=(), max_length=20)
    variables: dict[VariableName, Value] = Field(default={}, max_length=50)
    images: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    size: Size | None = None
    setup: Script = ""
    steps: tuple[Step, ...] = Field(min_length=1, max_length=MOST_STEPS)
    glossary: tuple[Term, ...] = Field(default=(), max_length=40)
    recap: tuple[Bilingual, ...] = Field(default=(), max_length=12)
    quiz: tuple[QuizQuestion, ...] = Field(default=(), max_length=20)
    reading: tuple[Reading, ...] = Field(default=(), max_length=20)

    @property
    def memory(self) -> int:
        """What its sandbox needs, in bytes; 0 is as usual."""
        return size_in_bytes(self.size.memory) if self.size else 0

    def tasks(self) -> Iterator[Task]:
        """Every task, in the order of the steps."""
        for step in self.steps:
            yield from step.tasks

    def pages(self) -> tuple[Step, ...]:
        """What a learner goes through: the steps, and the closing page where there is one."""
        closes = self.recap or self.quiz or self.reading
        return (*self.steps, CLOSING) if closes else self.steps

    def page(self, page_id: str) -> Step | None:
        return next((page for page in self.pages() if page.id == page_id), None)

    def quiz_on(self, page: Step) -> tuple[QuizQuestion, ...]:
        return self.quiz if page is CLOSING else page.quiz

    def question(self, question_id: str) -> tuple[Step, QuizQuestion] | None:
        """With the page that asks it."""
        asked = ((page, question) for page in self.pages() for question in self.quiz_on(page))
        return next((found for found in asked if found[1].id == question_id), None)

    @model_validator(mode="after")
    def _ids_are_unique_and_needs_exist(self) -> Self:
        _require_unique([step.id for step in self.pages()], "steps")
        asked = [question.id for question in self.quiz]
        _require_unique(asked, "quiz")
        for number, step in enumerate(self.steps):
            more = [question.id for question in step.quiz]
            _require_unique(more, "steps", number, "quiz", taken=asked)
            asked += more
        seen: set[str] = set()
        for way, task in self._placed_tasks():
            if task.id in seen:
                words = _("Two tasks are called `%(name)s`.") % {"name": task.id}
                raise Misplaced(words, *way, "id")
            for index, need in enumerate(task.needs):
                if need not in seen:
                    words = _("`%(name)s` is no task before this one.") % {"name": need}
                    raise Misplaced(words, *way, "needs", index)
            seen.add(task.id)
        return self

    @model_validator(mode="after")
    def _no_lesson_comes_before_itself(self) -> Self:
        if self.slug in self.prerequisites:
            words = _("A lesson can't be its own prerequisite.")
            raise Misplaced(words, "prerequisites", self.prerequisites.index(self.slug))
        return self

    @model_validator(mode="after")
    def _what_is_preloaded_exists_and_ticks_nothing(self) -> Self:
        images = [full_reference(image) for image in self.preload]
        for index, image in enumerate(images):
            if image not in image_set():
                known = ", ".join(sorted(image_set()))
                words = _("`%(image)s` can't be preloaded; what can: %(known)s.")
                raise Misplaced(words % {"image": image, "known": known}, "preload", index)
        nothing, preloaded = Snapshot(), Snapshot(images=(Image("preloaded", tuple(images)),))
        for way, task in self._placed_tasks() if images else ():
            if task.check.evaluate(preloaded).passed and not task.check.evaluate(nothing).passed:
                words = _("`%(name)s` would pass by what is preloaded alone.") % {"name": task.id}
                raise Misplaced(words, *way, "check")
        return self

    def _placed_tasks(self) -> Iterator[tuple[tuple[str | int, ...], Task]]:
        """Every task with the way to it."""
        for number, step in enumerate(self.steps):
            for index, task in enumerate(step.tasks):
                yield ("steps", number, "tasks", index), task


def _require_unique(ids: list[str], *way: str | int, taken: Collection[str] = ()) -> None:
    for index, name in enumerate(ids):
        if name in ids[:index] or name in taken:
            words = _("`%(name)s` is the name of another one, too.") % {"name": name}
            raise Misplaced(words, *way, index, "id")
