"""A proof as JUnit XML, which CI systems read: a suite a lesson, a test a case."""

from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET

from .cases import Result, Verdict


def as_junit(results: Iterable[Result]) -> bytes:
    """https://github.com/testmoapp/junitxml"""
    root = ET.Element("testsuites", name="lessons prove")
    in_order = sorted(results, key=lambda result: result.case.lesson)
    for lesson, of_lesson in groupby(in_order, lambda result: result.case.lesson):
        found = [*of_lesson]
        suite = ET.SubElement(root, "testsuite", {"name": lesson, **_counts(found)})
        for result in found:
            _add(suite, result)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _counts(results: list[Result]) -> dict[str, str]:
    failed = sum(result.verdict is Verdict.FAILED for result in results)
    proven = sum(result.verdict is Verdict.PROVEN for result in results)
    return {
        "tests": str(len(results)),
        "failures": str(failed),
        "skipped": str(len(results) - failed - proven),
        "time": f"{sum(result.seconds for result in results):.3f}",
    }


def _add(suite: ET.Element, result: Result) -> None:
    case = result.case
    name = " ".join(filter(None, [case.task, case.kind, str(case.number or "")]))
    test = ET.SubElement(
        suite, "testcase", classname=case.lesson, name=name, time=f"{result.seconds:.3f}"
    )
    if result.verdict is Verdict.FAILED:
        fault = ET.SubElement(test, "failure", message=_plain(result.words))
        fault.text = _plain(result.output)
    elif result.verdict is not Verdict.PROVEN:
        ET.SubElement(test, "skipped", message=_plain(result.words))


def _plain(text: str) -> str:
    """Without what XML can't hold: programs print control characters."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")
