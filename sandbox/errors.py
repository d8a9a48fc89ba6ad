"""What can go wrong with a sandbox, each with a sentence for the learner."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .endings import sentence_of


class SandboxError(Exception):
    """Something a learner is told; the operator's detail is the exception's own text."""

    code = "sandbox-failed"
    status = 503
    sentence: str | Promise = _(
        "Your sandbox could not be started. Try again; if it fails again, tell your instructor."
    )


class EngineDown(SandboxError):
    code = "engine-down"
    sentence = _(
        "The classroom's sandbox engine does not answer. Your progress is safe. Tell your "
        "instructor, who can start it with ./classroom up; then try again."
    )


class ImageMissing(SandboxError):
    code = "image-missing"
    sentence = _(
        "The sandbox image is missing on this classroom. Tell your instructor, who can build it "
        "with ./classroom up; then try again."
    )


class DiskFull(SandboxError):
    code = "disk-full"
    sentence = _(
        "The classroom's disk is full, so no sandbox can be started. Your progress is safe. Tell "
        "your instructor, who can make room; then try again."
    )


class RuntimeMissing(SandboxError):
    code = "runtime-missing"
    sentence = _(
        "This classroom asks for a container runtime that its sandbox engine hasn't got. Tell your "
        "instructor, who can set HAKONIWA_RUNTIME right and run ./classroom up; then try again."
    )


class ClassroomFull(SandboxError):
    """Whoever is told so has a place in the queue."""

    code = "classroom-full"
    sentence = _(
        "All sandboxes of this classroom are in use. You have a place in the queue, and yours "
        "starts by itself when it is your turn. Read the lesson meanwhile."
    )


class SandboxGone(SandboxError):
    """The sandbox has ended; `reason` is its row's, where it was the learner's own."""

    code = "sandbox-gone"
    status = 404

    def __init__(self, text: str, reason: str = "") -> None:
        super().__init__(text)
        self.sentence = sentence_of(reason)


class NoMoreTime(SandboxError):
    code = "no-more-time"
    status = 409
    sentence = _(
        "Your sandbox has been extended as far as this classroom allows. When it ends, your "
        "progress is kept and you can get a new one at once."
    )


class ShellRefused(SandboxError):
    code = "shell-refused"
    sentence = _(
        "Your sandbox does not open a shell; something in it may be used up or broken. Try again, "
        "or begin with a new one by “Start afresh”. Your progress is kept."
    )


class SandboxSilent(SandboxError):
    code = "sandbox-silent"
    status = 504
    sentence = _(
        "Your sandbox takes too long to answer; something in it may be used up. Try again, or "
        "begin with a new one by “Start afresh”."
    )


class EngineAnswerError(Exception):
    """A learner's engine answered too much, too slowly or not in its own protocol.

    The text may quote the answer, so it is cut before it gets into a log.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text[:200])


class EngineNotFound(EngineAnswerError):
    """A learner's engine has no such object (any more)."""
