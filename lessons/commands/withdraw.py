"""`manage.py lessons withdraw`: nobody begins it any more, until it is brought back."""

from argparse import ArgumentParser
from typing import Any, TextIO

from django.core.management.base import CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from lessons.catalogue import offer_again, withdraw
from lessons.models import Lesson

HELP = "take a lesson out of the list; whoever has begun it can finish it"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug", metavar="SLUG", help="a lesson of this site")
    parser.add_argument("--undo", action="store_true", help="bring it back")
    parser.add_argument("--language", default="en", help="ja or en: of what is printed")


def handle(out: TextIO, options: dict[str, Any]) -> None:
    """Raises CommandError where there is no such lesson."""
    with translation.override(options["language"]):
        slug = options["slug"]
        lesson = Lesson.objects.filter(slug=slug).first()
        if lesson is None:
            raise CommandError(_("There is no lesson `%(slug)s` here.") % {"slug": slug})
        if options["undo"]:
            offer_again(lesson)
            words = _("%(slug)s: in the list again")
        else:
            withdraw(lesson)
            words = _("%(slug)s: withdrawn; `withdraw %(slug)s --undo` brings it back")
        out.write(words % {"slug": slug} + "\n")
