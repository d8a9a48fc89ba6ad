"""Why something can't be done with a file, each with a sentence for the learner."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .errors import SandboxError

_SENTENCES: dict[str, tuple[int, Promise]] = {
    "missing": (404, _("There is nothing by this name any more. Look at the folder again.")),
    "not-a-file": (409, _("This is no ordinary file, so it can't be opened here.")),
    "not-a-folder": (409, _("This is not a folder.")),
    "exists": (409, _("Something by this name is there already. Choose another name.")),
    "changed": (
        409,
        _(
            "This file has changed in the sandbox since you opened it, so it was not saved. Open "
            "it anew, or save yours all the same."
        ),
    ),
    "denied": (
        403,
        _(
            "Your sandbox does not allow that: the file may belong to root. In the terminal, "
            "“ls -l” shows whose it is."
        ),
    ),
    "too-large": (
        413,
        _("This file is too large for this page. In the terminal you can work with it."),
    ),
    "no-space": (507, _("There is no room left in your sandbox. Remove something first.")),
    "cut-off": (400, _("The file did not arrive whole, so nothing was changed. Try again.")),
    "bad-name": (400, _("This can't be a name. Leave out “/” and keep it short.")),
    "no-text": (
        415,
        _("This file is not UTF-8 text, so it can't be edited here. You can download it."),
    ),
    "too-many": (
        413,
        _("There are too many files in ~/work. Remove some that you don't need, then try again."),
    ),
    "no-work": (404, _("There is nothing to download yet.")),
    "busy": (
        429,
        _("Your sandbox is still at work on other files. Wait a moment, then try again."),
    ),
}


class FileRefused(SandboxError):
    """One of the words above; what a sandbox says beyond them is `odd`."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        odd = _("Your sandbox gave no sensible answer. “Start afresh” may help.")
        self.status, self.sentence = _SENTENCES.get(word, (502, odd))
        self.code = word if word in _SENTENCES else "odd"
