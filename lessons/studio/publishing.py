"""From a draft to a version that learners see, and back to an earlier one."""

from hakoniwa.accounts.models import User
from lessons.catalogue import add_version
from lessons.loader import read_lesson
from lessons.models import Draft, LessonVersion

from .drafts import files_of


def publish(draft: Draft, author: User) -> LessonVersion:
    """The draft as its lesson's newest version; who is in the middle of another stays there.

    Raises LessonError.
    """
    files = files_of(draft)
    return add_version(read_lesson(files, draft.slug), files, author)


def roll_back(version: LessonVersion, author: User) -> LessonVersion:
    """A new version with the content of this one. Raises LessonError."""
    return add_version(version.document, files_of(version), author)
