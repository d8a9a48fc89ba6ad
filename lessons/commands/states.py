"""A lesson's files as they are in a folder, or were in a version."""

from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lessons.files import LessonFiles, files_in
from lessons.models import LessonVersion
from lessons.studio.drafts import files_of


@dataclass(frozen=True)
class State:
    """`name` says which it is."""

    slug: str
    name: str
    files: LessonFiles


def folder_state(folder: Path) -> State:
    """Raises LessonError."""
    return State(folder.resolve().name, str(folder), files_in(folder))


def version_state(slug: str, number: int | None = None) -> State:
    """The newest one, if none is named. Raises CommandError where there is none."""
    versions = LessonVersion.objects.filter(lesson__slug=slug)
    version = versions.filter(number=number).first() if number else versions.first()
    if version is None:
        words = _("There is no lesson `%(slug)s` here, or it has no such version.")
        raise CommandError(words % {"slug": slug})
    return State(slug, f"{slug} {version.number}", files_of(version))


def version_numbers(slug: str) -> list[int]:
    """In ascending order."""
    versions = LessonVersion.objects.filter(lesson__slug=slug)
    return sorted(versions.values_list("number", flat=True))
