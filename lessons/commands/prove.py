"""`manage.py lessons prove`: does each lesson do what it says, on real sandboxes?"""

import asyncio
import signal
import sys
from argparse import ArgumentParser
from collections import Counter
from contextlib import aclosing
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext as _

from lessons.catalogue import CONTENT
from lessons.document import Lesson
from lessons.faults import LessonError
from lessons.files import files_in
from lessons.loader import folders_in, lesson_in
from lessons.proving import (
    Begun,
    Case,
    Result,
    Verdict,
    cases_of,
    is_proven,
    prove_all,
    summary,
)
from lessons.proving.junit import as_junit

HELP = "prove lessons on fresh sandboxes: nothing passes at first, and so on"
BAR = 24


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("lessons", nargs="*", metavar="SLUG", help="all, if none is named")
    parser.add_argument("--folder", type=Path, default=CONTENT, help="where the lessons are")
    parser.add_argument("--parallel", type=int, default=2, metavar="N", help="lessons at once")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML as well")
    parser.add_argument("--language", default="en", help="ja or en: of what is printed")


def handle(out: TextIO, options: dict[str, Any]) -> None:
    """Raises CommandError where something is not proven."""
    with translation.override(options["language"]):
        lessons = _read(options["folder"], options["lessons"])
        _require_tables()
        proof = _Report(out, sum(len(cases_of(lesson)) for lesson in lessons))
        try:
            asyncio.run(_prove(lessons, max(options["parallel"], 1), proof))
        except (asyncio.CancelledError, KeyboardInterrupt):
            raise CommandError(_("Stopped; nothing is left behind."), returncode=130) from None
        finally:
            if options["junit"]:
                options["junit"].write_bytes(as_junit(proof.results))
        proof.end()


def _read(folder: Path, slugs: list[str]) -> list[Lesson]:
    """Raises CommandError."""
    folders = [folder / slug for slug in slugs] or folders_in(folder)
    if not folders:
        raise CommandError(_("There is no lesson in %(folder)s.") % {"folder": folder})
    try:
        return [lesson_in(files_in(each), each.name) for each in folders]
    except LessonError as error:
        raise CommandError(str(error)) from None


def _require_tables() -> None:
    """A proof needs a learner and sandboxes of its own. Raises CommandError."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(_("The database is not up to date; run `manage.py migrate` first."))


async def _prove(lessons: list[Lesson], at_once: int, report: "_Report") -> None:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with aclosing(prove_all(lessons, at_once)) as events:
        async for event in events:
            if isinstance(event, Begun):
                report.begun(event.case)
            else:
                report.ended(event)


class _Report:
    """Lines for what is not proven; on a terminal, below them how far it is."""

    def __init__(self, out: TextIO, total: int) -> None:
        self.results: list[Result] = []
        self._out = out
        self._total = total
        self._bar = sys.stderr if sys.stderr.isatty() else None

    def begun(self, case: Case) -> None:
        self._draw(f"{case.lesson}: {case}")

    def ended(self, result: Result) -> None:
        self.results.append(result)
        if result.verdict is Verdict.PROVEN:
            return
        self._draw("")
        mark = {Verdict.FAILED: "✗", Verdict.NOT_TRIED: "-", Verdict.MISSING: "?"}[result.verdict]
        self._out.write(f"{mark} {result.case.lesson}: {result.case}\n  {result.words}\n")
        for line in result.output.splitlines():
            self._out.write(f"  | {line}\n")

    def end(self) -> None:
        """Raises CommandError where something is not proven."""
        self._draw("")
        verdicts = Counter(result.verdict for result in self.results)
        if not is_proven(verdicts):
            raise CommandError(summary(verdicts))
        self._out.write(f"{summary(verdicts)}\n")

    def _draw(self, words: str) -> None:
        if self._bar is None:
            return
        done = BAR * len(self.results) // max(self._total, 1)
        bar = f"{'█' * done}{'░' * (BAR - done)} {len(self.results)}/{self._total} {words[:60]}"
        self._bar.write(f"\r\x1b[K{bar}" if words else "\r\x1b[K")
        self._bar.flush()
