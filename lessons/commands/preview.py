"""`manage.py lessons preview`: a lesson's folder on a page that follows every save."""

import base64
import hashlib
import re
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from lessons.faults import LessonError
from lessons.files import files_in
from lessons.models import FolderPreview
from lessons.names import LONGEST_SLUG, SLUG

HELP = "show a lesson's folder on a page for instructors that follows every save"
# A save is on the page within a second: this, and what the page itself waits.
LOOK_SECONDS = 0.25


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a lesson's folder")
    parser.add_argument("--language", default="en", help="ja or en: of what is printed")


def handle(out: TextIO, options: dict[str, Any]) -> None:
    """Until Ctrl-C. Raises CommandError where there is no such folder."""
    with translation.override(options["language"]):
        folder = options["folder"].resolve()
        if not folder.is_dir():
            raise CommandError(_("There is no folder %(path)s.") % {"path": folder})
        if len(folder.name) > LONGEST_SLUG or not re.fullmatch(SLUG, folder.name):
            words = _("A lesson can't be called `%(name)s`, as its folder is.")
            raise CommandError(words % {"name": folder.name})
        page = settings.SITE_ADDRESS + reverse("preview-folder", args=[folder.name])
        if settings.SITE_ADDRESS:
            words = _("Open %(page)s, signed in as an instructor. Ctrl-C ends it.")
        else:
            words = _("Open %(page)s on this site, signed in as an instructor. Ctrl-C ends it.")
        out.write(words % {"page": page} + "\n")
        try:
            follow(folder)
        except KeyboardInterrupt:
            out.write(_("The preview has ended.") + "\n")
        finally:
            FolderPreview.objects.filter(slug=folder.name).delete()


def follow(folder: Path) -> None:
    """Push the folder's files whenever they are other ones; never returns."""
    before = ""
    while True:
        before = push(folder, before)
        time.sleep(LOOK_SECONDS)


def push(folder: Path, before: str) -> str:
    """The stamp of what is in the folder; written down unless it is `before`."""
    try:
        files, fault = files_in(folder), ""
    except LessonError as error:
        files, fault = {}, str(error)
    stamp = hashlib.sha256(repr((sorted(files.items()), fault)).encode()).hexdigest()
    if stamp != before:
        kept: dict[str, Any] = {"stamp": stamp, "fault": fault}
        # While it can't be read the page goes on showing what it was.
        if not fault:
            kept["files"] = {path: base64.b64encode(files[path]).decode() for path in files}
        FolderPreview.objects.update_or_create(slug=folder.name, defaults=kept)
    return stamp
