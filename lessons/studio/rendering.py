"""What a lesson's files look like while they are being written: as far as they can be read."""

import hashlib
from contextlib import suppress
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString

from lessons.faults import LessonError
from lessons.files import LessonFiles, is_picture, is_step_text
from lessons.lint import Finding, lint
from lessons.loader import LESSON
from lessons.markdown import render_step
from lessons.models import Lesson
from lessons.pictures import Picture, size_of
from lessons.variables import filled_in, variables_of
from lessons.written import read_yaml

from .pairs import step_of


def as_read(files: LessonFiles) -> dict[str, Any]:
    """`lesson.yml` with its variables filled in, or nothing where it is no such thing yet."""
    try:
        read = read_yaml(files.get(LESSON, b"")).value
    except LessonError:
        return {}
    filled = filled_in(read, variables_of(read))
    return filled if isinstance(filled, dict) else {}


def steps_in(files: LessonFiles, written: dict[str, Any]) -> list[dict[str, Any]]:
    """Each step as written, with an `id`, in the order of `lesson.yml`.

    Then those that only have texts: it may be the list that can't be read just now.
    """
    steps = mappings(written.get("steps"))
    found = {step["id"]: step for step in steps if isinstance(step.get("id"), str)}
    named = {step_of(path).removeprefix("steps/") for path in files if is_step_text(path)}
    return [*found.values(), *({"id": name} for name in sorted(named - found.keys()))]


def mappings(value: Any) -> list[dict[str, Any]]:
    """Those in a list, if it is one."""
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict)]


def rendered(
    text: bytes, written: dict[str, Any], language: str, pictures: tuple[Picture, ...]
) -> SafeString:
    """A step's text as learners see it, where `lesson.yml` has been read as this."""
    filled = str(filled_in(text.decode(errors="replace"), variables_of(written)))
    with translation.override(language):
        return render_step(filled, language, pictures)


def problems_in(files: LessonFiles, slug: str) -> list[Finding]:
    """What lint finds; the lesson may refer to any of this site."""
    return lint(files, slug, {*Lesson.objects.offered().values_list("slug", flat=True)})


def pictures_of(files: LessonFiles, route: str, slug: str) -> tuple[Picture, ...]:
    """Those that can be shown; of the others the problems say why not. `route` serves them."""
    found = []
    for path in filter(is_picture, files):
        with suppress(LessonError):
            width, height = size_of(path, files[path])
            address = reverse(route, args=[slug, path.removeprefix("images/")])
            # Browsers keep what they get, so the address names the content.
            digest = hashlib.sha256(files[path]).hexdigest()[:12]
            found.append(Picture(path, f"{address}?{digest}", width, height))
    return tuple(found)
