"""Lessons that come from elsewhere and go elsewhere: archives, repositories, folders."""

from .archive import as_archive, read_archive
from .grouping import Lessons
from .sources import lessons_from

__all__ = ["Lessons", "as_archive", "lessons_from", "read_archive"]
