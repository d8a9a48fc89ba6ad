"""Looking at a lesson with every rule."""

from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from lessons.faults import Fault, LessonError
from lessons.files import LessonFiles, files_in
from lessons.loader import folders_in

from . import commands, hints, images, languages, links, references, schema, scripts, tasks, texts
from . import variables as of_variables
from .finding import Finding
from .reading import read
from .rules import RULES, Rule

# Each module adds the rules of its group to RULES as it is read.
GROUPS = (
    *(schema, languages, texts, links, scripts, commands, images, references),
    *(tasks, hints, of_variables),
)
# Of one rule; more would help nobody.
MOST_FINDINGS = 50


def lint(files: LessonFiles, name: str, known: Collection[str] | None = None) -> list[Finding]:
    """What is found, in the order of files and lines; an empty list where all is well.

    `name` is the folder's; `known` the slugs of the other lessons, None where nobody knows them.
    """
    reading = read(files, name, known)
    found = {rule.name: [*islice(rule.look(reading), MOST_FINDINGS)] for rule in RULES.values()}
    named = {_place(fault) for rule in RULES if rule != "schema" for fault in found[rule]}
    # What a rule of its own says better.
    found["schema"] = [fault for fault in found["schema"] if _place(fault) not in named]
    findings = [one for rule in RULES.values() for one in _findings(rule, found[rule.name])]
    return sorted(findings, key=lambda one: (one.file, one.line, one.column, one.rule))


def lint_folder(folder: Path) -> list[Finding]:
    """What is found in a lesson's folder; the lessons beside it are those it may refer to."""
    name = folder.resolve().name
    try:
        files = files_in(folder)
    except LessonError as error:
        return [*_findings(RULES["schema"], error.faults)]
    beside = {each.name for each in folders_in(folder.resolve().parent)}
    return lint(files, name, beside)


def _findings(rule: Rule, faults: Collection[Fault]) -> Iterator[Finding]:
    for one in faults:
        place = (one.file, one.line, one.column)
        yield Finding(*place, rule.name, rule.severity, one.words, one.suggestion)


def _place(fault: Fault) -> tuple[str, int, int]:
    return fault.file, fault.line, fault.column
