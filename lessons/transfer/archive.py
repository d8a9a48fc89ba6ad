"""Lessons in a zip archive. What an archive says of itself is not believed."""

import io
import re
import stat
import zipfile
import zlib
from typing import BinaryIO

from django.utils.translation import gettext as _

from lessons.faults import LessonError
from lessons.files import LARGEST_FILE, LessonFiles

from .grouping import Lessons, lessons_among, refused

MOST_PACKED = 16 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
MOST_ENTRIES = 5000
# Text shrinks to a tenth; a thousandth is a bomb.
MOST_RATIO = 200
# So that the same lesson is always the same archive.
WRITTEN_AT = (1980, 1, 1, 0, 0, 0)
# What may stand in a path; a colon or a backslash means something on some systems.
UNSAFE = re.compile(r"[\x00-\x1f\x7f\\:]|(?:^|/)\.{0,2}(?:/|$)")


def read_archive(file: BinaryIO, name: str) -> Lessons:
    """The lessons in it. Raises LessonError; `name` is the archive's."""
    packed = file.read(MOST_PACKED + 1)
    if len(packed) > MOST_PACKED:
        raise _too_large(name, MOST_PACKED)
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            entries = _entries(archive, name)
            reading = _Reading(archive, entries, name)
            return lessons_among(entries, reading.read, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        words = _("This is no archive that can be read: %(reason)s.") % {"reason": str(error)[:200]}
        raise refused(name, words) from None


def as_archive(slug: str, files: LessonFiles) -> bytes:
    """A zip with the lesson's folder in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{slug}/{path}", WRITTEN_AT)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])
    return packed.getvalue()


def _entries(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The files in it by their path. Raises LessonError for the first that no lesson may have."""
    if len(archive.infolist()) > MOST_ENTRIES:
        words = _("There are more than %(number)d files in it.") % {"number": MOST_ENTRIES}
        raise refused(name, words)
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        if words := _fault(entry, entries):
            raise refused(f"{name}/{_shown(entry.filename)}", words)
        if not entry.is_dir():
            entries[entry.filename] = entry
    return entries


def _fault(entry: zipfile.ZipInfo, before: dict[str, zipfile.ZipInfo]) -> str:
    """Why this entry is refused; empty where it isn't."""
    path = entry.filename.removesuffix("/")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if UNSAFE.search(path) or len(path) > 300:
        return _("This path leads out of the archive, or is none.")
    if path in before:
        return _("This path is there twice.")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return _("This is no ordinary file, and links are not followed.")
    if entry.flag_bits & 1:
        return _("This is encrypted.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _("This is packed in a way that is not read.")
    if entry.file_size > LARGEST_FILE and entry.file_size > MOST_RATIO * entry.compress_size:
        return _("This would become far larger than it is packed.")
    return ""


class _Reading:
    """Unpacks one file after the other, and not more than a certain amount in all."""

    def __init__(
        self, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], name: str
    ) -> None:
        self._archive = archive
        self._entries = entries
        self._name = name
        self._left = MOST_UNPACKED

    def read(self, path: str) -> bytes:
        """Up to a byte more than a file may have. Raises LessonError where all is too much."""
        with self._archive.open(self._entries[path]) as file:
            content = file.read(LARGEST_FILE + 1)
        self._left -= len(content)
        if self._left < 0:
            raise _too_large(self._name, MOST_UNPACKED)
        return content


def _too_large(name: str, most: int) -> LessonError:
    words = _("There is more than %(size)d MiB in it.") % {"size": most // 1024**2}
    return refused(name, words)


def _shown(path: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in path[:100])
