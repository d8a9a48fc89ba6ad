"""A new lesson to begin from: short, complete, in both languages, and proven."""

import os
import re
from pathlib import Path

from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from .editor_schema import FILE, editor_schema
from .faults import Fault, LessonError
from .files import TRANSLATIONS, LessonFiles, files_in, write_into
from .loader import LESSON
from .names import Slug
from .translations import record

SCAFFOLD = Path(__file__).resolve().parent / "scaffold/new-lesson"
# The schema that belongs to this version of the format.
OWN_SCHEMA = Path(__file__).resolve().parents[1] / "docs/authoring" / FILE
POSITION = re.compile(r"^position: *(\d{1,6})", re.MULTILINE)


def new_lesson(slug: str, position: int, schema: str = "") -> LessonFiles:
    """The files of a lesson with this slug; `schema` is the path to the JSON Schema from it.

    Raises LessonError for what is no slug.
    """
    try:
        TypeAdapter(Slug).validate_python(slug)
    except ValidationError:
        words = _("A lesson's name is small letters, digits and single hyphens, 60 at the most.")
        raise LessonError([Fault(LESSON, words=words)]) from None
    files = {**files_in(SCAFFOLD)}
    written = files[LESSON].decode().replace("slug: new-lesson", f"slug: {slug}")
    written = written.replace("position: 1\n", f"position: {position}\n")
    head = f"# yaml-language-server: $schema={schema}\n" if schema else ""
    files[LESSON] = (head + written).encode()
    return {**files, TRANSLATIONS: record(files)}


def begin(slug: str, folder: Path, position: int) -> Path:
    """Writes a new lesson into `folder`; returns its own folder.

    It is at this position, or further on, after the lessons that are there.

    Its schema is one that is in a folder above it, else a copy beside it. Raises LessonError,
    FileExistsError, and OSError where it can't be written.
    """
    own = folder / slug
    schema = _schema_above(folder) or folder / FILE
    position = max(position, _last_position(folder) + 1)
    files = new_lesson(slug, position, os.path.relpath(schema, own))
    write_into(own, files)
    if not schema.exists():
        schema.write_text(editor_schema())
    return own


def _schema_above(folder: Path) -> Path | None:
    absolute = folder.absolute()
    if OWN_SCHEMA.parents[2] in (absolute, *absolute.parents):
        return OWN_SCHEMA
    above = (each / FILE for each in (absolute, *absolute.parents))
    return next((path for path in above if path.is_file()), None)


def _last_position(folder: Path) -> int:
    written = (path.read_text(errors="replace") for path in folder.glob(f"*/{LESSON}"))
    found = (POSITION.search(text) for text in written)
    return max((int(each[1]) for each in found if each), default=0)
