"""Lessons as they were loaded or published, and how far each learner has come."""

from django.conf import settings
from django.db import models

from . import document as written
from .files import LONGEST_PATH
from .loader import parse_lesson


class LessonSet(models.QuerySet["Lesson"]):
    def offered(self) -> "LessonSet":
        """Those that anybody may begin."""
        return self.filter(withdrawn_at=None)


class Lesson(models.Model):
    """A lesson under its slug, through all its versions."""

    slug = models.SlugField(max_length=60, unique=True)
    position = models.IntegerField(default=0)
    # Since then only whoever has begun it goes on with it.
    withdrawn_at = models.DateTimeField(null=True)

    objects = LessonSet.as_manager()

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.slug


# Lessons by their digests, in each process.
MOST_PARSED = 200
_parsed: dict[str, written.Lesson] = {}


class LessonVersion(models.Model):
    """A lesson's content as it stood once; never changed after it was loaded or published."""

    class Origin(models.TextChoices):
        FILES = "files"
        STUDIO = "studio"

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    document = models.JSONField()
    loaded_at = models.DateTimeField(auto_now_add=True)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.FILES)
    # Nobody, where it came from files or the account is gone.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "number"], name="one_version_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson.slug} {self.number}"

    @property
    def content(self) -> written.Lesson:
        """What it says; nobody changes it. To parse it takes a millisecond, and lists show all."""
        content = _parsed.get(self.digest)
        if content is None:
            if len(_parsed) >= MOST_PARSED:
                _parsed.clear()
            content = _parsed[self.digest] = parse_lesson(self.document)
        return content

    def text(self, step_id: str, language: str) -> str:
        """A step's Markdown."""
        return str(self.document["texts"][step_id][language])


class VersionFile(models.Model):
    """A file of a version as its author wrote it, variables and comments included."""

    version = models.ForeignKey(LessonVersion, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=LONGEST_PATH)
    content = models.BinaryField()

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["version", "path"], name="one_file_a_version_path"),
        ]

    def __str__(self) -> str:
        return f"{self.version}/{self.path}"


class Enrolment(models.Model):
    """A learner doing a lesson, in the version they began with."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments"
    )
    version = models.ForeignKey(LessonVersion, on_delete=models.CASCADE)
    started_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "version"], name="enrolled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.learner} in {self.version}"


class TaskPass(models.Model):
    """A task once passed; it stays passed."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="passes")
    task = models.CharField(max_length=60)
    passed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "task"], name="passed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.task} by {self.enrolment}"


class QuizAnswer(models.Model):
    """What a learner answered last to a question of the quiz."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=60)
    # Its place among the question's answers, from 0; a version's never change.
    answer = models.PositiveSmallIntegerField()
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "question"], name="answered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question} by {self.enrolment}"


class Draft(models.Model):
    """A lesson being written in the studio; every instructor of the site may go on with it."""

    slug = models.SlugField(max_length=60, unique=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class DraftFile(models.Model):
    """One file of a draft; whoever saves it names the revision that they had before them."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=LONGEST_PATH)
    content = models.BinaryField()
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "path"], name="one_file_a_path"),
        ]

    def __str__(self) -> str:
        return f"{self.draft}/{self.path} {self.revision}"


class FolderPreview(models.Model):
    """A lesson's folder as `manage.py lessons preview` sees it; shown to authors, never published.

    `files` are in base64 by path; `fault` says why the folder can't be read just now.
    """

    slug = models.SlugField(max_length=60, unique=True)
    files = models.JSONField(default=dict)
    stamp = models.CharField(max_length=64)
    fault = models.TextField(default="")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class Recording(models.Model):
    """An exercise that an author does in their sandbox, and what is proposed of it once it is done.

    One an author, and only good for as long as that sandbox lives.
    """

    author = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="recording",
    )
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    sandbox = models.ForeignKey("sandbox.Sandbox", on_delete=models.CASCADE, related_name="+")
    # The look before, as `lessons.recording.keeping` writes it; empty once it is done.
    before = models.BinaryField()
    # Checks as in `lesson.yml`.
    proposals = models.JSONField(default=list)
    script = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.author} for {self.draft}"

    @property
    def is_done(self) -> bool:
        return not self.before
