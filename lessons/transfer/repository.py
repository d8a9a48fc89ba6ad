"""Lessons in a Git repository, read from its objects: nothing of it is ever checked out.

So no link is followed, no filter and no hook runs, and a tree that would fill a disk is a list of
names that is read up to a bound. See docs/adr/0038-lessons-from-elsewhere.md.
"""

import re
import tempfile
import time
from collections.abc import Sequence

from django.utils.translation import gettext as _

from lessons.files import LARGEST_FILE

from .bounded import run_bounded
from .grouping import Lessons, lessons_among, refused

ADDRESS = re.compile(r"(?:https|ssh|file)://[!-~]{1,500}|[\w.-]{1,60}@[\w.-]{1,250}:[!-~]{1,500}")
CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@")
SECONDS = 60.0
# Of one file that Git writes, which bounds what it fetches; and of its memory.
MOST_FETCHED = 64 * 1024 * 1024
MOST_MEMORY = 2 * 1024**3
MOST_LISTED = 2 * 1024 * 1024
MOST_READ = 64 * 1024 * 1024
OPTIONS = {
    "core.hooksPath": "/dev/null",
    "fetch.unpackLimit": "1",  # all in one file, which is bounded
    "transfer.unpackLimit": "1",
    "protocol.version": "2",
    "gc.auto": "0",
    "core.fsmonitor": "false",
}
# Modes of what may be read: not of links, nor of other repositories.
ORDINARY = ("100644", "100755")
CLONE = ("clone", "--quiet", "--bare", "--depth=1", "--single-branch", "--no-tags", "--template=")
ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "/bin/false",
    "SSH_ASKPASS": "/bin/false",
    "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=10",
    "GIT_ALLOW_PROTOCOL": "https:ssh:file",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C.UTF-8",
}


def is_address(source: str) -> bool:
    return bool(ADDRESS.fullmatch(source))


def read_repository(address: str) -> Lessons:
    """The lessons on its default branch. Raises LessonError."""
    name = CREDENTIALS.sub("", address)
    with tempfile.TemporaryDirectory(prefix="hakoniwa-git-") as folder:
        git = _Git(folder, name)
        git.run([*CLONE, "--", address, folder], MOST_LISTED)
        files = git.files()
        return lessons_among(files, lambda path: git.content(path, *files[path]), name)


class _Git:
    """Git in a bare repository of its own, within bounds of time, memory and space."""

    def __init__(self, folder: str, name: str) -> None:
        self._folder = folder
        self._name = name
        self._end = time.monotonic() + SECONDS
        self._left = MOST_READ

    def run(self, words: Sequence[str], most: int) -> bytes:
        """What it prints, up to a byte more. Raises LessonError where it fails or is slow."""
        options = [word for pair in OPTIONS.items() for word in ("-c", "=".join(pair))]
        limits = [f"--fsize={MOST_FETCHED}", f"--as={MOST_MEMORY}", "--core=0"]
        command = ["prlimit", *limits, "git", *options, *words]
        try:
            ended = run_bounded(command, self._folder, ENVIRONMENT, most, self._end)
        except FileNotFoundError:
            raise refused(self._name, _("Git is not installed on this machine.")) from None
        except TimeoutError:
            said = _("This took longer than %(seconds)d seconds.") % {"seconds": SECONDS}
            raise refused(self._name, said) from None
        if ended.code and len(ended.output) <= most:
            said = _("Git could not read it: %(reason)s")
            reason = CREDENTIALS.sub("", ended.last_words)
            raise refused(self._name, said % {"reason": reason})
        return ended.output

    def files(self) -> dict[str, tuple[str, str]]:
        """Mode and object of each path. Raises LessonError."""
        listed = self.run(["ls-tree", "-r", "-z", "HEAD"], MOST_LISTED)
        if len(listed) > MOST_LISTED:
            raise refused(self._name, _("There is too much in it."))
        found = {}
        for entry in listed.decode(errors="replace").split("\0")[:-1]:
            facts, _tab, path = entry.partition("\t")
            mode, _kind, name = facts.split(" ")
            found[path] = (mode, name)
        return found

    def content(self, path: str, mode: str, name: str) -> bytes:
        """Up to a byte more than a file may have. Raises LessonError."""
        if mode not in ORDINARY:
            words = _("This is no ordinary file, and links are not followed.")
            raise refused(f"{self._name}/{path}", words)
        content = self.run(["cat-file", "blob", name], LARGEST_FILE)
        self._left -= len(content)
        if self._left < 0:
            raise refused(self._name, _("There is too much in it."))
        return content
