"""What a lesson is made of, as an author writes it in `lesson.yml` and the steps' Markdown.

The written form is described in docs/authoring/lesson-format.md.
"""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from sandbox.image_set import image_set
from sandbox.snapshot import Image, Snapshot, full_reference

from .bilingual import Bilingual, Part
from .checks import WrittenCheck

SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
LONGEST_SLUG = 60
MOST_STEPS = 50
Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$", max_length=LONGEST_SLUG)]
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
        names = [hint.id for hint in self.hints if hint.id]
        if twice := _first_repeated(names):
            raise ValueError(f"two hints are called `{twice}`")
        for wrong in self.wrong:
            if wrong.hint not in names:
                raise ValueError(f"no hint of this task is called `{wrong.hint}`")
        return self


class Step(Part):
    id: Slug
    title: Bilingual
    tasks: tuple[Task, ...] = Field(default=(), max_length=30)


class Lesson(Part):
    slug: Slug
    position: int
    title: Bilingual
    summary: Bilingual
    minutes: int = Field(gt=0, le=600)
    images: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    setup: Script = ""
    steps: tuple[Step, ...] = Field(min_length=1, max_length=MOST_STEPS)

    def tasks(self) -> Iterator[Task]:
        """Every task, in the order of the steps."""
        for step in self.steps:
            yield from step.tasks

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)

    @model_validator(mode="after")
    def _ids_are_unique_and_needs_exist(self) -> Self:
        steps = [step.id for step in self.steps]
        if twice := _first_repeated(steps):
            raise ValueError(f"two steps are called `{twice}`")
        seen: set[str] = set()
        for task in self.tasks():
            if task.id in seen:
                raise ValueError(f"two tasks are called `{task.id}`")
            for need in task.needs:
                if need not in seen:
                    raise ValueError(f"task `{task.id}` needs `{need}`, which is no task before it")
            seen.add(task.id)
        return self

    @model_validator(mode="after")
    def _what_is_preloaded_exists_and_ticks_nothing(self) -> Self:
        images = [full_reference(image) for image in self.preload]
        if unknown := sorted({*images} - image_set()):
            known = ", ".join(sorted(image_set()))
            raise ValueError(f"`{unknown[0]}` can't be preloaded; what can: {known}")
        nothing, preloaded = Snapshot(), Snapshot(images=(Image("preloaded", tuple(images)),))
        for task in self.tasks() if images else ():
            if task.check.evaluate(preloaded).passed and not task.check.evaluate(nothing).passed:
                raise ValueError(f"task `{task.id}` would pass by what is preloaded alone")
        return self


def _first_repeated(names: list[str]) -> str | None:
    return next((name for index, name in enumerate(names) if name in names[:index]), None)
