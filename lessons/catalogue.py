"""The lessons of this site: loading them, and finding the version for somebody."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from hakoniwa.accounts.models import User

from .faults import LessonError
from .files import LessonFiles, files_in
from .loader import digest, folders_in, parse_lesson, read_lesson
from .models import Enrolment, Lesson, LessonVersion, VersionFile

CONTENT = Path(__file__).resolve().parent / "content"


def load_lessons(content: Path = CONTENT) -> tuple[list[LessonVersion], list[LessonError]]:
    """Load every lesson folder; what changed becomes a new version.

    A lesson that can't be read is among the errors, and its loaded version stays in use.
    """
    loaded, errors = [], []
    for folder in folders_in(content):
        try:
            if version := load_lesson(folder):
                loaded.append(version)
        except LessonError as error:
            errors.append(error)
    return loaded, errors


def load_lesson(folder: Path) -> LessonVersion | None:
    """The new version, or None where the files have not changed. Raises LessonError.

    What was published in the studio since then stays in use until the files change.
    """
    return load_files(files_in(folder), folder.name)


def load_files(files: LessonFiles, name: str) -> LessonVersion | None:
    """The same for files from anywhere; `name` is that of their folder. Raises LessonError."""
    document = read_lesson(files, name)
    loaded = LessonVersion.objects.filter(
        lesson__slug=document["lesson"]["slug"], origin=LessonVersion.Origin.FILES
    ).first()
    if loaded is not None and loaded.digest == digest(document):
        return None
    return add_version(document, files)


@transaction.atomic
def add_version(
    document: dict[str, Any], files: LessonFiles, published_by: User | None = None
) -> LessonVersion:
    """The lesson's next version, with the files that the document was read from.

    It is by somebody where it comes from the studio.
    Raises LessonError.
    """
    content = parse_lesson(document)
    lesson, _created = Lesson.objects.update_or_create(
        slug=content.slug, defaults={"position": content.position}
    )
    newest = lesson.versions.first()
    origin = LessonVersion.Origin.STUDIO if published_by else LessonVersion.Origin.FILES
    version = LessonVersion.objects.create(
        lesson=lesson,
        number=newest.number + 1 if newest else 1,
        digest=digest(document),
        document=document,
        origin=origin,
        published_by=published_by,
    )
    VersionFile.objects.bulk_create(
        VersionFile(version=version, path=path, content=content) for path, content in files.items()
    )
    return version


def withdraw(lesson: Lesson) -> None:
    """From now on nobody begins it. Whatever is published of it stays withdrawn, too."""
    Lesson.objects.offered().filter(pk=lesson.pk).update(withdrawn_at=timezone.now())


def offer_again(lesson: Lesson) -> None:
    Lesson.objects.filter(pk=lesson.pk).update(withdrawn_at=None)


def is_open_to(lesson: Lesson, learner: User | None) -> bool:
    """What is withdrawn is open to those alone who have begun it."""
    if lesson.withdrawn_at is None:
        return True
    begun = Enrolment.objects.filter(version__lesson=lesson)
    return learner is not None and begun.filter(learner=learner).exists()


def next_position() -> int:
    """After all lessons of the site."""
    last = Lesson.objects.last()
    return last.position + 1 if last else 1


def version_for(lesson: Lesson, learner: User | None) -> LessonVersion:
    """The version the learner is in the middle of, else the newest; an author has that always."""
    if learner is not None and not learner.is_instructor:
        enrolment = Enrolment.objects.filter(learner=learner, version__lesson=lesson).first()
        if enrolment is not None:
            return enrolment.version
    return lesson.versions.latest("number")


def versions_for(lessons: QuerySet[Lesson], learner: User | None) -> list[LessonVersion]:
    """The same for several lessons, in their order, whatever their number with two queries."""
    newest = LessonVersion.objects.filter(lesson=OuterRef("pk")).order_by("-number")
    chosen = [Subquery(newest.values("pk")[:1])]
    if learner is not None and not learner.is_instructor:
        begun = Enrolment.objects.filter(learner=learner, version__lesson=OuterRef("pk"))
        chosen.insert(0, Subquery(begun.values("version")[:1]))
    key = Coalesce(*chosen, None, output_field=BigIntegerField())
    keys = list(lessons.annotate(key=key).values_list("key", flat=True))
    found = LessonVersion.objects.select_related("lesson").in_bulk(keys)
    return [found[key] for key in keys]


def enrol(learner: User, version: LessonVersion) -> Enrolment:
    """The learner's place in this version; made at the first visit."""
    enrolment, _created = Enrolment.objects.get_or_create(learner=learner, version=version)
    return enrolment
