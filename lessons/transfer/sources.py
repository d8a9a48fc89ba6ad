"""Where lessons are taken from: an archive, a folder, or the address of a Git repository."""

from pathlib import Path

from django.utils.translation import gettext as _

from lessons.files import files_in
from lessons.loader import LESSON

from .archive import read_archive
from .grouping import Lessons, refused, require_some
from .repository import is_address, read_repository


def lessons_from(source: str) -> Lessons:
    """The lessons in it, by their names. Raises LessonError."""
    if is_address(source):
        return read_repository(source)
    path = Path(source)
    if path.is_dir():
        return _in_folder(path)
    try:
        with path.open("rb") as file:
            return read_archive(file, path.name)
    except OSError:
        words = _(
            "This is no archive, no folder, and no address that begins with https:// or ssh://."
        )
        raise refused(source, words) from None


def _in_folder(folder: Path) -> Lessons:
    """One lesson, or those a level or two deeper; no link is followed."""
    if (folder / LESSON).is_file():
        return {folder.resolve().name: files_in(folder)}
    found = sorted(
        {path.parent for each in ("*", "*/*") for path in folder.glob(f"{each}/{LESSON}")}
    )
    require_some(len(found), str(folder))
    return {each.name: files_in(each) for each in found if not each.is_symlink()}
