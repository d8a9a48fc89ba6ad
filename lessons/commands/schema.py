"""`manage.py lessons schema`: the form of `lesson.yml` for editors."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from lessons.editor_schema import editor_schema

HELP = "print the JSON Schema of lesson.yml, for editors"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it there instead")


def handle(out: TextIO, options: dict[str, Any]) -> None:
    if options["output"]:
        options["output"].write_text(editor_schema())
    else:
        out.write(editor_schema())
