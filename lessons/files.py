"""The files of a lesson, wherever they come from: a folder, a draft, an archive, a repository."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from .document import MOST_STEPS
from .faults import Fault, LessonError
from .names import SLUG

# "lesson.yml", "steps/fetch.ja.md" …
LessonFiles = Mapping[str, bytes]

LANGUAGES = ("ja", "en")
LANGUAGE = "|".join(LANGUAGES)
STEP_TEXT = rf"steps/{SLUG}\.(?:{LANGUAGE})\.md"
# See translations.py.
TRANSLATIONS = "translations.yml"
TEXT = rf"lesson\.yml|README\.md|{re.escape(TRANSLATIONS)}|{STEP_TEXT}"
PICTURE = rf"images/{SLUG}(?:\.(?:{LANGUAGE}))?\.(?:png|webp|jpe?g|svg)"
PATH = re.compile(f"{TEXT}|{PICTURE}")
LONGEST_PATH = 80
MOST_PICTURES = 100
# Each step in two languages, `lesson.yml`, `README.md` and `translations.yml`.
MOST_FILES = MOST_STEPS * len(LANGUAGES) + 3 + MOST_PICTURES
# A text over this is a mistake or an attack.
MAX_BYTES = 256 * 1024
MAX_PICTURE_BYTES = 512 * 1024
LARGEST_FILE = max(MAX_BYTES, MAX_PICTURE_BYTES)
MAX_BYTES_IN_ALL = 16 * 1024 * 1024
# What editors and systems leave behind.
LEFT_BEHIND = re.compile(r"\..*|.*~|.*\.swp|Thumbs\.db")


def fault_with(path: str, size: int) -> Fault | None:
    """Why a lesson can't have this file, or None."""
    if len(path) > LONGEST_PATH or not PATH.fullmatch(path):
        return Fault(_short(path), words=_("This file has no place in a lesson."))
    if size > (most := _most_bytes(path)):
        words = _("This file is larger than %(size)d KiB.") % {"size": most // 1024}
        return Fault(path, words=words)
    return None


def is_step_text(path: str) -> bool:
    return bool(re.fullmatch(STEP_TEXT, path))


def is_picture(path: str) -> bool:
    return path.startswith("images/")


def checked(files: LessonFiles, name: str) -> LessonFiles:
    """The same files. Raises LessonError where a lesson can't have one of them or so many."""
    if len(files) > MOST_FILES:
        raise LessonError([_too_many()], name)
    faults = [fault_with(path, len(content)) for path, content in files.items()]
    if found := [fault for fault in faults if fault is not None]:
        raise LessonError(found, name)
    if sum(map(len, files.values())) > MAX_BYTES_IN_ALL:
        words = _("All files together are larger than %(size)d MiB.")
        words %= {"size": MAX_BYTES_IN_ALL // 1024**2}
        raise LessonError([Fault("lesson.yml", words=words)], name)
    return files


def files_in(folder: Path) -> LessonFiles:
    """What is in a lesson's folder; no link is followed, and nothing larger is read than allowed.

    Raises LessonError.
    """
    files: dict[str, bytes] = {}
    try:
        for path in _walk(folder):
            if len(files) >= MOST_FILES:
                raise LessonError([_too_many()], folder.name)
            files[path] = _read(folder, path)
    except OSError as error:
        words = _("This can't be read: %(reason)s.") % {"reason": error.strerror or error}
        raise LessonError([Fault("lesson.yml", words=words)], folder.name) from None
    return checked(files, folder.name)


def write_into(folder: Path, files: LessonFiles) -> None:
    """Makes the folder, with these files in it. Raises FileExistsError and other OSErrors."""
    folder.mkdir(parents=True)
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)


def _walk(folder: Path) -> Iterator[str]:
    """The paths of the folder's files, one level of folders deep."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if LEFT_BEHIND.fullmatch(entry.name):
            continue
        if not entry.is_dir(follow_symlinks=False):
            yield entry.name
            continue
        for inner in sorted(os.scandir(entry), key=lambda inner: inner.name):
            if not LEFT_BEHIND.fullmatch(inner.name):
                yield f"{entry.name}/{inner.name}"


def _read(folder: Path, path: str) -> bytes:
    """Up to a byte more than allowed. Raises LessonError for a link, a device or a folder."""
    if not stat.S_ISREG((folder / path).lstat().st_mode):
        words = _("This is no ordinary file, and links are not followed.")
        raise LessonError([Fault(_short(path), words=words)], folder.name)
    with os.fdopen(os.open(folder / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as f:
        return f.read(_most_bytes(path) + 1)


def _most_bytes(path: str) -> int:
    return MAX_PICTURE_BYTES if is_picture(path) else MAX_BYTES


def _too_many() -> Fault:
    words = _("A lesson has no more than %(number)d files.") % {"number": MOST_FILES}
    return Fault("lesson.yml", words=words)


def _short(path: str) -> str:
    return path.encode(errors="replace").decode()[:LONGEST_PATH] or "?"
