"""Why a sandbox ended: the operator's words, kept in its row, and the sentence for its learner."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Ending(StrEnum):
    """What stands in `Sandbox.reason`."""

    IDLE = "nobody used it"
    TIME = "its time was over"
    AFRESH = "the learner started afresh"
    CLOSED = "the classroom was closed"
    STOPPED = "the container has stopped"
    LOST = "the container was gone"
    UNFINISHED = "the start was never finished"
    OWNERLESS = "its owner has left"
    OLD_IMAGE = "its image is an older one"
    NOT_ASKED_FOR = "nobody asks for its images any more"
    NOT_RESERVED = "no class has reserved it any more"
    MADE_ROOM = "it made room for a learner"
    PROVEN = "a lesson was proven in it"


_SENTENCES: dict[str, Promise] = {
    Ending.IDLE: _(
        "Your sandbox has ended because nobody typed in it for a long time. Your progress is "
        "kept; get a new sandbox to go on."
    ),
    Ending.TIME: _(
        "The time of your sandbox is over, so it has ended. Your progress is kept; get a new "
        "sandbox to go on."
    ),
    Ending.AFRESH: _(
        "You have started afresh, in another tab perhaps. Your progress is kept; go on in the new "
        "sandbox."
    ),
    Ending.CLOSED: _(
        "The classroom was closed, and all sandboxes ended with it. Your progress is kept; get a "
        "new sandbox to go on."
    ),
    Ending.STOPPED: _(
        "Your sandbox has stopped: something in it, or the machine, has ended it. Your progress is "
        "kept; get a new sandbox to go on."
    ),
}
_SENTENCES[Ending.LOST] = _SENTENCES[Ending.STOPPED]


def sentence_of(reason: str) -> str | Promise:
    """What the learner is told of a sandbox that ended for this reason."""
    other = _("This sandbox has ended. Your progress is kept; get a new sandbox to go on.")
    return _SENTENCES.get(reason, other)
