"""Each rule of lint finds what it is against, where it stands, and nothing else."""

import json
import re
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lessons.catalogue import CONTENT
from lessons.lint import RULES, lint, lint_folder

from .lint_examples import EXAMPLES, Example, lesson

BESIDE = {"docker-run"}
PAGE = Path(__file__).parents[1] / "docs/authoring/lint"


def places(example: Example, failing: bool) -> list[tuple[str, str]]:
    files = example.files(example.failing if failing else example.passing)
    return [
        (finding.rule, f"{finding.file}:{finding.line}:{finding.column}")
        for finding in lint(files, "greeting", BESIDE)
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.rule} {example.place}")
def test_a_rule_finds_what_it_is_against_and_nothing_else(example: Example) -> None:
    assert places(example, failing=True) == [(example.rule, example.place)]
    assert places(example, failing=False) == []


def test_every_rule_has_examples() -> None:
    assert {example.rule for example in EXAMPLES} == set(RULES)


def test_the_lessons_of_this_repository_are_clean() -> None:
    folders = [path.parent for path in CONTENT.glob("*/lesson.yml")]
    assert {"docker-run", "throwaway-containers"} <= {folder.name for folder in folders}
    for folder in folders:
        assert [str(finding) for finding in lint_folder(folder)] == []


def test_what_keeps_a_lesson_from_being_read_hides_nothing_else() -> None:
    files = {**lesson(), "lesson.yml": b"slug: [", "steps/bye.en.md": b"# Bye\n"}
    found = {finding.rule for finding in lint(files, "greeting")}
    assert found == {"schema", "heading-order", "stale-translation"}


def write(folder: Path, example: Example) -> Path:
    lesson_folder = folder / "greeting"
    (lesson_folder / "steps").mkdir(parents=True)
    for path, content in example.files(example.failing).items():
        (lesson_folder / path).write_bytes(content)
    return lesson_folder


def named(rule: str) -> Example:
    return next(example for example in EXAMPLES if example.rule == rule)


def test_the_command_fails_for_errors_and_not_for_warnings(tmp_path: Path) -> None:
    out = StringIO()
    call_command("lessons", "lint", str(write(tmp_path / "a", named("no-wrong"))), stdout=out)
    assert "greeting/lesson.yml:12:9: warning: This task has no wrong attempts" in out.getvalue()
    assert out.getvalue().endswith("1 lessons: 0 errors, 1 warnings\n")
    with pytest.raises(CommandError, match="1 errors"):
        call_command("lessons", "lint", str(write(tmp_path / "b", named("raw-html"))), stdout=out)
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("lessons", "lint", str(tmp_path / "absent"))


def test_a_folder_that_no_lesson_has_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, named("no-wrong"))
    (folder / "run.sh").write_text("rm -rf /\n")
    (folder / "\x1b[2J.md").symlink_to("/etc/passwd")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("lessons", "lint", str(folder), stdout=out)
    assert "\x1b" not in out.getvalue()


def test_what_is_found_is_also_told_as_json_and_to_github(tmp_path: Path) -> None:
    folder = write(tmp_path / "odd, name%0A::", named("no-wrong"))
    out = StringIO()
    call_command("lessons", "lint", str(folder), "--format", "json", stdout=out)
    [finding] = json.loads(out.getvalue())
    assert (finding["rule"], finding["line"], finding["column"]) == ("no-wrong", 12, 9)
    out = StringIO()
    call_command("lessons", "lint", str(folder), "--format", "github", stdout=out)
    [line] = out.getvalue().splitlines()
    assert line.startswith("::warning file=")
    assert "odd%2C name%250A%3A%3A/greeting/lesson.yml,line=12,col=9,title=no-wrong::This" in line


def test_an_author_is_told_in_their_language(tmp_path: Path) -> None:
    out = StringIO()
    folder = str(write(tmp_path, named("no-wrong")))
    call_command("lessons", "lint", folder, "--language", "ja", stdout=out)
    assert "誤った操作がないため、ヒントを検証できません。学習者が" in out.getvalue()
    assert out.getvalue().endswith("エラー0件、警告1件\n")


def test_once_both_languages_are_compared_nothing_is_stale(tmp_path: Path) -> None:
    folder = write(tmp_path, named("stale-translation"))
    assert [finding.rule for finding in lint_folder(folder)] == ["stale-translation"]
    call_command("lessons", "translated", str(folder), stdout=StringIO())
    assert lint_folder(folder) == []
    (folder / "lesson.yml").write_text("slug: [")
    with pytest.raises(CommandError, match=r"lesson\.yml:2:1: This is not"):
        call_command("lessons", "translated", str(folder))


@pytest.mark.parametrize("suffix", [".md", ".ja.md"])
def test_the_page_has_every_rule_and_no_other(suffix: str) -> None:
    text = PAGE.with_suffix(suffix).read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \| (\S+) \|", text, re.MULTILINE)
    words = {"error": "エラー", "warning": "警告"} if suffix == ".ja.md" else {}
    severities = {rule.name: words.get(rule.severity, rule.severity) for rule in RULES.values()}
    assert len(rows) == len(RULES)
    assert dict(rows) == severities


def test_a_lesson_made_to_be_slow_is_not() -> None:
    task = "      - {id: s%d-t%d, title: {ja: a, en: a}, check: {image: {reference: a}}, %s}\n"
    script = f"solve: '{'docker run x; ' * 8}'"
    written = lesson()["lesson.yml"].decode()
    for n in range(40):
        written += f"  - id: s{n}\n    title: {{ja: a, en: a}}\n    tasks:\n"
        written += "".join(task % (n, m, script) for m in range(30))
    text = ("[" * 40 + "`" * 7 + "<a " * 40 + "\n" + "```console\ndocker run y\n```\n") * 60
    files = {**lesson(), "lesson.yml": written.encode()}
    for n in range(40):
        files |= {f"steps/s{n}.{each}.md": text[:1_500].encode() for each in ("ja", "en")}
    begun = time.process_time()
    found = lint(files, "greeting")
    assert time.process_time() - begun < 20
    assert (
        {"no-wrong", "image-not-in-mirror"}
        <= {finding.rule for finding in found}
        <= {*RULES} - {"schema"}
    )
    assert len(found) <= 50 * len(RULES)
