"""Each kind of check has a page in both languages, and what stands there is so."""

import pytest
from django.utils import translation

from lessons.checks import KINDS, parse_check
from lessons.checks.selection import ContainerSelection
from sandbox.snapshot import Snapshot, Volume

from .check_examples import example_of
from .check_pages import PAGES, example_on, fields_on, sentences_on

LANGUAGES = ("en", "ja")


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_passes_where_it_is_so_and_nowhere_else(kind: str) -> None:
    check = parse_check(example_on(kind))
    example = example_of(kind, check)
    assert check.kind == kind
    assert check.evaluate(example.passing).passed, check.evaluate(example.passing).seen
    assert not check.evaluate(example.failing).passed
    assert not check.evaluate(Snapshot()).passed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_quotes_what_a_learner_reads(kind: str, language: str) -> None:
    check = parse_check(example_on(kind, language))
    with translation.override(language):
        outcome = check.evaluate(example_of(kind, check).failing)
    assert sentences_on(kind, language) == (outcome.expected, outcome.seen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_composed_checks_quotes_what_a_learner_reads(language: str) -> None:
    check = parse_check(example_on("all-any-not", language))
    assert check.evaluate(Snapshot(volumes=(Volume("notes"),))).passed
    with translation.override(language):
        outcome = check.evaluate(Snapshot())
    assert sentences_on("all-any-not", language) == (outcome.expected, outcome.seen)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_has_every_field_and_no_other(kind: str, language: str) -> None:
    fields = set(KINDS[kind].model_fields)
    if issubclass(KINDS[kind], ContainerSelection) and kind != "container":
        fields -= set(ContainerSelection.model_fields)  # they are on the page of `container`
    assert fields_on(kind, language) == fields


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_give_the_same_example(kind: str) -> None:
    assert example_on(kind, "en") == example_on(kind, "ja")


@pytest.mark.parametrize("index", ["checks.md", "checks.ja.md"])
def test_the_index_leads_to_every_page(index: str) -> None:
    text = (PAGES.parent / index).read_text()
    suffix = ".ja.md" if ".ja." in index else ".md"
    for kind in [*KINDS, "all-any-not"]:
        assert f"(checks/{kind}{suffix})" in text
