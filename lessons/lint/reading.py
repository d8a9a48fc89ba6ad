"""A lesson as far as it can be read: what the rules look at."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from lessons.document import Lesson
from lessons.faults import Fault, LessonError
from lessons.files import LessonFiles, is_step_text
from lessons.loader import LESSON, lesson_in, parse_lesson
from lessons.variables import Values, filled_in, variables_of
from lessons.written import Way, Written, as_text, read_yaml

from .text import Text

# No learner reads more in one step, and no rule does.
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Reading:
    """`written` is `lesson.yml` before its variables are filled in, empty where it is no YAML;
    `lesson` is None where it is not what a lesson must be; `faults` say why.

    `known` are the slugs of the lessons it may refer to, None where nobody knows them.
    """

    name: str
    files: LessonFiles
    faults: tuple[Fault, ...]
    written: Written
    lesson: Lesson | None
    texts: Mapping[str, Text]
    known: Collection[str] | None = None
    values: Values = field(default_factory=dict)

    def mappings(self) -> Iterator[tuple[Way, dict[str, Any]]]:
        """All that have keys in `lesson.yml`, in the order of the file, with the way to each."""
        pending: list[tuple[Way, Any]] = [((), self.written.value)]
        while pending:
            way, value = pending.pop()
            if isinstance(value, dict):
                yield way, value
                pending += [((*way, key), value[key]) for key in reversed(value)]
            elif isinstance(value, list):
                pending += [((*way, index), item) for index, item in enumerate(value)][::-1]

    def tasks(self) -> Iterator[tuple[Way, dict[str, Any]]]:
        """What stands in `lesson.yml` where tasks are, with the way to each."""
        for way, value in self.mappings():
            if len(way) == 4 and way[0] == "steps" and way[2] == "tasks":
                yield way, value

    def fault(self, way: Way, words: str, suggestion: str = "", *, key: bool = False) -> Fault:
        """About what stands in `lesson.yml` at the end of this way."""
        return Fault(LESSON, *self.written.place(way, key=key), words, suggestion)


def read(files: LessonFiles, name: str, known: Collection[str] | None = None) -> Reading:
    faults: tuple[Fault, ...] = ()
    lesson, written = None, Written()
    try:
        lesson = lesson_in(files, name)
    except LessonError as error:
        faults = error.faults
    with suppress(LessonError):
        written = read_yaml(files.get(LESSON, b""), LESSON)
    values = variables_of(written.value)
    if faults:
        with suppress(LessonError):  # it may be a text that is wrong
            lesson = parse_lesson({"lesson": filled_in(written.value, values)})
    texts = {path: text for path in sorted(files) if (text := _text(files[path], path, values))}
    return Reading(name, files, faults, written, lesson, texts, known, values)


def _text(content: bytes, path: str, values: Values) -> Text | None:
    if not is_step_text(path):
        return None
    try:
        written = as_text(content, path)
    except LessonError:
        return None
    if len(written) > LONGEST_TEXT:
        return None
    # A line break in a value would move all lines after it.
    on_one_line = {name: str(value).replace("\n", " ") for name, value in values.items()}
    filled = str(filled_in(written, on_one_line))
    return Text(path, written, filled[: 2 * LONGEST_TEXT])
