"""What stands on the pages of docs/authoring/checks/."""

import re
from pathlib import Path
from typing import Any

import yaml

PAGES = Path(__file__).parents[1] / "docs/authoring/checks"
SENTENCE = {
    "en": re.compile(r"^> \*\*(?:Expected|Seen)\*\* (.+)$", re.MULTILINE),
    "ja": re.compile(r"^> \*\*(?:目標|現状)\*\* (.+)$", re.MULTILINE),
}
FIELD_ROW = re.compile(r"^\| (`[a-z_`、, ]+`) \|", re.MULTILINE)


def text_of(page: str, language: str) -> str:
    suffix = ".ja.md" if language == "ja" else ".md"
    return (PAGES / (page + suffix)).read_text()


def example_on(page: str, language: str = "en") -> dict[str, Any]:
    """The check in the page's first block of YAML."""
    found = re.search(r"^```yaml\n(.*?)^```$", text_of(page, language), re.MULTILINE | re.DOTALL)
    assert found, page
    written: dict[str, Any] = yaml.safe_load(found[1])
    return written


def sentences_on(page: str, language: str) -> tuple[str, ...]:
    """What a learner is told: expected, then seen."""
    return tuple(SENTENCE[language].findall(text_of(page, language)))


def fields_on(page: str, language: str) -> set[str]:
    """The fields in the page's tables."""
    rows = FIELD_ROW.findall(text_of(page, language))
    return {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)}
