"""Reading a lesson from its files.

Whatever an author got wrong ends in one LessonError that names file and place; the lessons that
are already loaded stay as they are.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import ValidationError

from sandbox.memory import most

from .document import Lesson
from .faults import Fault, LessonError, meant
from .files import LANGUAGES, MAX_BYTES, LessonFiles, checked, is_picture
from .markdown import pictures_in
from .model_faults import faults_of
from .pictures import size_of
from .variables import Values, filled_in, variables_of
from .written import Written, as_text, read_yaml

LESSON = "lesson.yml"


def read_lesson(files: LessonFiles, name: str) -> dict[str, Any]:
    """The whole lesson as one plain document: what `parse_lesson` takes and the database keeps.

    Its variables are filled in. Raises LessonError; `name` is the folder's.
    """
    return _read(files, name)[1]


def lesson_in(files: LessonFiles, name: str) -> Lesson:
    """The lesson that these files make. Raises LessonError; `name` is the folder's."""
    return _read(files, name)[0]


def _read(files: LessonFiles, name: str) -> tuple[Lesson, dict[str, Any]]:
    try:
        written = written_lesson(checked(files, name))
        lesson = _parse(written)
        if lesson.slug != name:
            words = _("The slug is `%(slug)s`, but the folder is `%(folder)s`.")
            words %= {"slug": lesson.slug, "folder": name}
            raise LessonError([Fault(LESSON, *written.place(("slug",)), words)])
        if lesson.memory > most():
            words = _("This site gives a sandbox no more than %(most)s of memory.")
            words %= {"most": settings.SANDBOX_MEMORY_MOST}
            raise LessonError([Fault(LESSON, *written.place(("size", "memory")), words)])
        texts = _texts(files, lesson, variables_of(written.value))
        document = {"lesson": written.value, "texts": texts}
        if pictures := _pictures(files):
            document["pictures"] = pictures
    except LessonError as error:
        raise LessonError(error.faults, name) from None
    return lesson, document


def folders_in(parent: Path) -> list[Path]:
    """Those of the lessons that lie here, in the order of their names."""
    return sorted(path.parent for path in parent.glob(f"*/{LESSON}"))


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
    texts = {path: _text(files, path, values) for path in paths}
    faults = [fault for path, text in texts.items() for fault in _faults_of_text(path, text, files)]
    if faults:
        raise LessonError(faults)
    return {
        step.id: {language: texts[f"steps/{step.id}.{language}.md"] for language in LANGUAGES}
        for step in lesson.steps
    }


def _faults_of_text(path: str, text: str, files: LessonFiles) -> Iterator[Fault]:
    """What is wrong with the images that it shows."""
    for shown in pictures_in(text):
        if shown.path not in files or not is_picture(shown.path):
            words = _("There is no image `%(path)s` in this lesson.") % {"path": shown.path[:80]}
            close = meant(shown.path, filter(is_picture, files))
            yield Fault(path, shown.line, shown.column, words, close)
        elif not shown.alt.strip():
            words = _("This image has no words for those who can't see it.")
            advice = _("Say what it shows, as in `![A container in a box](images/box.svg)`.")
            yield Fault(path, shown.line, shown.column, words, advice)


def _pictures(files: LessonFiles) -> dict[str, Any]:
    """Of each image what pages need, and what makes it this very one."""
    pictures = {}
    for path in filter(is_picture, sorted(files)):
        width, height = size_of(path, files[path])
        sha256 = hashlib.sha256(files[path]).hexdigest()
        pictures[path] = {"width": width, "height": height, "sha256": sha256}
    return pictures


def _text(files: LessonFiles, path: str, values: Values) -> str:
    text = str(filled_in(as_text(files[path], path), values))
    if len(text) > MAX_BYTES:
        words = _("With its variables this text is longer than %(size)d KiB.")
        raise LessonError([Fault(path, words=words % {"size": MAX_BYTES // 1024})])
    return text
