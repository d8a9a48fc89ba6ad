"""Reading a lesson from its files.

Whatever an author got wrong ends in one LessonError that names file and place; the lessons that
are already loaded stay as they are.
"""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from .document import Lesson
from .faults import Fault, LessonError
from .files import LANGUAGES, MAX_BYTES, LessonFiles, checked
from .model_faults import faults_of
from .variables import Values, filled_in, variables_of
from .written import Written, as_text, read_yaml

LESSON = "lesson.yml"


def read_lesson(files: LessonFiles, name: str) -> dict[str, Any]:
    """The whole lesson as one plain document: what `parse_lesson` takes and the database keeps.

    Its variables are filled in. Raises LessonError; `name` is the folder's.
    """
    try:
        written = written_lesson(checked(files, name))
        lesson = _parse(written)
        if lesson.slug != name:
            words = _("The slug is `%(slug)s`, but the folder is `%(folder)s`.")
            words %= {"slug": lesson.slug, "folder": name}
            raise LessonError([Fault(LESSON, *written.place(("slug",)), words)])
        texts = _texts(files, lesson, variables_of(written.value))
    except LessonError as error:
        raise LessonError(error.faults, name) from None
    return {"lesson": written.value, "texts": texts}


def written_lesson(files: LessonFiles) -> Written:
    """What stands in `lesson.yml`, with its places and its variables filled in.

    Raises LessonError.
    """
    if LESSON not in files:
        raise LessonError([Fault(LESSON, words=_("This file is missing."))])
    written = read_yaml(files[LESSON], LESSON)
    written.value = filled_in(written.value, variables_of(written.value))
    return written


def parse_lesson(document: dict[str, Any]) -> Lesson:
    """The lesson in a document. Raises LessonError with one line for each mistake."""
    return _parse(Written(document["lesson"]))


def digest(document: dict[str, Any]) -> str:
    """A name for this very content: another digest is another version."""
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _parse(written: Written) -> Lesson:
    try:
        return Lesson.model_validate(written.value)
    except ValidationError as error:
        raise LessonError(faults_of(error, Lesson, written, LESSON)) from None


def _texts(files: LessonFiles, lesson: Lesson, values: Values) -> dict[str, dict[str, str]]:
    """Raises LessonError that names every missing one."""
    paths = [f"steps/{step.id}.{language}.md" for step in lesson.steps for language in LANGUAGES]
    if missing := [path for path in paths if path not in files]:
        raise LessonError([Fault(path, words=_("This file is missing.")) for path in missing])
    return {
        step.id: {
            language: _text(files, f"steps/{step.id}.{language}.md", values)
            for language in LANGUAGES
        }
        for step in lesson.steps
    }


def _text(files: LessonFiles, path: str, values: Values) -> str:
    text = str(filled_in(as_text(files[path], path), values))
    if len(text) > MAX_BYTES:
        words = _("With its variables this text is longer than %(size)d KiB.")
        raise LessonError([Fault(path, words=words % {"size": MAX_BYTES // 1024})])
    return text
