"""`manage.py lessons lint`: what authors should know of their lessons before learners find out."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from lessons.lint import Finding, Severity, lint_folder

from .folders import add_folders, lesson_folders

HELP = "say what is wrong with lessons, with file, line and column"

Found = list[tuple[Path, Finding]]


def add_arguments(parser: ArgumentParser) -> None:
    add_folders(parser)
    parser.add_argument("--language", default="en", help="ja or en: of what is printed")
    parser.add_argument("--format", default="text", choices=FORMATS, help="of what is printed")


def handle(out: TextIO, options: dict[str, Any]) -> None:
    """Raises CommandError where there is an error."""
    with translation.override(options["language"]):
        folders = lesson_folders(options["folders"])
        found = [(folder, finding) for folder in folders for finding in lint_folder(folder)]
        for line in FORMATS[options["format"]](found):
            out.write(f"{line}\n")
        errors = sum(finding.severity is Severity.ERROR for _folder, finding in found)
        words = _("%(lessons)d lessons: %(errors)d errors, %(warnings)d warnings")
        words %= {"lessons": len(folders), "errors": errors, "warnings": len(found) - errors}
        if errors:
            raise CommandError(words)
        if options["format"] == "text":
            out.write(f"{words}\n")


def _as_text(found: Found) -> Iterator[str]:
    for folder, finding in found:
        yield printable(f"{folder}/{finding}")


def _as_json(found: Found) -> Iterator[str]:
    entries = [{"folder": str(folder), **asdict(finding)} for folder, finding in found]
    yield json.dumps(entries, ensure_ascii=False, indent=2)


def _as_github(found: Found) -> Iterator[str]:
    """Lines that GitHub Actions shows beside the code."""
    for folder, one in found:
        place = {"file": folder / one.file, "line": one.line, "col": one.column, "title": one.rule}
        properties = ",".join(
            f"{key}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}"
            for key, value in place.items()
        )
        words = _escaped(one.words)
        yield printable(f"::{one.severity} {properties}::{words}")


FORMATS = {"text": _as_text, "json": _as_json, "github": _as_github}


def _escaped(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def printable(line: str) -> str:
    """Without what a terminal would take as an order."""
    return "".join(sign if sign.isprintable() or sign == "\t" else "�" for sign in line)
