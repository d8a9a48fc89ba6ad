"""A draft read as the lesson that it would be."""

from collections.abc import Sequence

from asgiref.sync import sync_to_async

from lessons.document import Lesson
from lessons.faults import LessonError
from lessons.files import LessonFiles
from lessons.loader import lesson_in
from lessons.models import Draft

from .drafts import files_of


def lesson_of(draft: Draft) -> Lesson:
    """Raises LessonError."""
    return lesson_in(files_of(draft), draft.slug)


alesson_of = sync_to_async(lesson_of)


def needed(files: LessonFiles, slug: str) -> tuple[Sequence[str], int]:
    """The images and the bytes of memory that its sandbox has; none while it can't be read."""
    try:
        lesson = lesson_in(files, slug)
    except LessonError:
        return (), 0
    return lesson.preload, lesson.memory
