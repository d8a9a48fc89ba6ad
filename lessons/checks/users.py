"""As whom the programs of a container or an image run."""

from django.utils.translation import gettext as _

from .traits import shown


def is_root(user: str) -> bool:
    """Also where nothing is said; behind a colon stands the group."""
    return user.partition(":")[0] in ("", "0", "root")


def user_words(user: str) -> str:
    return _("as the user %(user)s") % {"user": shown(user or "root")}


def as_root_words(yes: bool) -> str:
    return _("as root") if yes else _("not as root")
