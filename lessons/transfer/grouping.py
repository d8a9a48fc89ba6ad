"""Which of many files are lessons: those in folders with a `lesson.yml`, at most three deep."""

from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext as _

from lessons.faults import Fault, LessonError
from lessons.files import LEFT_BEHIND, LessonFiles, checked
from lessons.loader import LESSON
from lessons.written import read_yaml

# By the name of each.
Lessons = Mapping[str, LessonFiles]

MOST_LESSONS = 200
DEEPEST = 3


def lessons_among(paths: Iterable[str], read: Callable[[str], bytes], name: str) -> Lessons:
    """The lessons; whatever lies outside of their folders is passed over and not read.

    `name` is where they come from. Raises LessonError, also where there is none.
    """
    everything = sorted({*paths})
    roots = _roots(everything)
    require_some(len(roots), name)
    lessons: dict[str, LessonFiles] = {}
    for root, within in _within(everything, roots).items():
        files = {path: read(f"{root}{path}") for path in within}
        slug = root.rstrip("/").rpartition("/")[2] or _slug(files)
        if slug in lessons:
            words = _("Two lessons in it are called `%(name)s`.") % {"name": slug[:60]}
            raise refused(name, words)
        lessons[slug] = checked(files, slug)
    return lessons


def require_some(number: int, name: str) -> None:
    """Raises LessonError where there are no lessons or too many."""
    if not number:
        raise refused(name, _("There is no `lesson.yml` in it."))
    if number > MOST_LESSONS:
        words = _("There are more than %(number)d lessons in it.") % {"number": MOST_LESSONS}
        raise refused(name, words)


def refused(name: str, words: str) -> LessonError:
    """About all that comes from there."""
    return LessonError([Fault(name[-200:], words=words)])


def _roots(paths: list[str]) -> list[str]:
    """The folders of lessons, each with a slash at its end, without those within another."""
    folders = {path.removesuffix(LESSON) for path in paths if f"/{path}".endswith(f"/{LESSON}")}
    shallow = sorted(folder for folder in folders if folder.count("/") <= DEEPEST)
    shallow = [folder for folder in shallow if not _is_left_behind(folder.split("/"))]
    return [
        folder
        for folder in shallow
        if not any(folder != other and folder.startswith(other) for other in shallow)
    ]


def _within(paths: list[str], roots: list[str]) -> dict[str, list[str]]:
    """The paths in each lesson's folder, without what editors and systems leave behind."""
    found: dict[str, list[str]] = {root: [] for root in roots}
    for path in paths:
        parts = path.split("/")
        for depth in range(min(len(parts), DEEPEST + 1)):
            root = "".join(f"{part}/" for part in parts[:depth])
            if root in found:
                if not _is_left_behind(parts[depth:]):
                    found[root].append(path.removeprefix(root))
                break
    return found


def _is_left_behind(parts: list[str]) -> bool:
    return "__MACOSX" in parts or any(LEFT_BEHIND.fullmatch(part) for part in parts)


def _slug(files: LessonFiles) -> str:
    """That of a lesson that lies in no folder of its own. Raises LessonError."""
    written = read_yaml(files[LESSON], LESSON).value
    slug = written.get("slug") if isinstance(written, dict) else None
    return slug[:60] if isinstance(slug, str) else "lesson"
