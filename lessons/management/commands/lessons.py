"""`manage.py lessons …`: one module in lessons/commands for each subcommand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lessons.commands import (
    diff,
    exporting,
    importing,
    lint,
    new,
    preview,
    prove,
    schema,
    translated,
    withdraw,
)

SUBCOMMANDS = {
    "diff": diff,
    "export": exporting,
    "import": importing,
    "lint": lint,
    "new": new,
    "preview": preview,
    "prove": prove,
    "schema": schema,
    "translated": translated,
    "withdraw": withdraw,
}


class Command(BaseCommand):
    help = "Work on lessons; see `manage.py lessons SUBCOMMAND --help`."

    def add_arguments(self, parser: CommandParser) -> None:
        subparsers = parser.add_subparsers(dest="subcommand", required=True)
        for name, module in SUBCOMMANDS.items():
            module.add_arguments(subparsers.add_parser(name, help=module.HELP))

    def handle(self, *args: Any, **options: Any) -> None:
        SUBCOMMANDS[options["subcommand"]].handle(self.stdout, options)
